// The part of @lhncbc/ucum-lhc (which ships no types) that units.ts uses.
declare module '@lhncbc/ucum-lhc' {
  interface Conversion {
    readonly status: 'succeeded' | 'failed' | 'error';
    readonly toVal: number | null;
  }
  interface Utils {
    convertUnitTo(
      from: string,
      value: number,
      to: string,
      options?: { readonly molecularWeight?: number; readonly charge?: number },
    ): Conversion;
    validateUnitString(unit: string): { readonly status: string };
  }
  export const UcumLhcUtils: { getInstance(): Utils };
}
