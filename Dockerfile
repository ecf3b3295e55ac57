# Haidang in a container: non-root, read-only root, data in /data.
#   docker build --tag haidang .
#   docker run --read-only --tmpfs /tmp --volume haidang:/data --publish 127.0.0.1:8080:8080 haidang
# For NVIDIA GPUs: docker build --target cuda --tag haidang:cuda . && docker run --gpus all …
ARG NODE=24-bookworm-slim

FROM node:${NODE} AS packed
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run --silent bundle -- /haidang.tar.gz && mkdir /opt/haidang && tar -xzf /haidang.tar.gz -C /opt

FROM debian:bookworm-slim AS cpu
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin haidang && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=packed /opt/haidang /opt/haidang
ENV HAIDANG_HOST=0.0.0.0 HAIDANG_PORT=8080 HAIDANG_DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=90s \
  CMD ["/opt/haidang/bin/node", "-e", "fetch('http://127.0.0.1:8080/health/live').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/opt/haidang/haidang"]
CMD ["serve"]

# CUDA 12 with cuDNN 9, as ONNX Runtime's CUDA provider asks; its files come with the package's own install script.
FROM packed AS packed-cuda
RUN npm rebuild --ignore-scripts=false onnxruntime-node \
  && cp -r node_modules/onnxruntime-node/bin/. /opt/haidang/node_modules/onnxruntime-node/bin/

FROM nvidia/cuda:12.6.3-cudnn-runtime-ubuntu24.04 AS cuda
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin haidang && install -d -o 10001 -g 10001 -m 0700 /data
COPY --from=packed-cuda /opt/haidang /opt/haidang
ENV HAIDANG_HOST=0.0.0.0 HAIDANG_PORT=8080 HAIDANG_DATA_DIR=/data HAIDANG_PROVIDERS=cuda,cpu
USER 10001:10001
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/opt/haidang/haidang"]
CMD ["serve"]

# What `docker build` makes when no target is named.
FROM cpu
