// Loads compose files as `docker compose config` does, with its own library, and names the services of the merged project.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithOsEnv, cli.WithResolvedPaths(true))
	if err == nil {
		project, failed := options.LoadProject(context.Background())
		if err = failed; err == nil {
			for _, service := range project.Services {
				scale := 1
				if service.Deploy != nil && service.Deploy.Replicas != nil {
					scale = *service.Deploy.Replicas
				}
				fmt.Printf("%s %s x%d ports=%d volumes=%d\n", service.Name, service.Image, scale, len(service.Ports), len(service.Volumes))
			}
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
