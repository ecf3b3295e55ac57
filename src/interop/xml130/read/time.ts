// The date fields of a claim file: a time only where the day exists.

/** yyyyMMdd, yyyyMMddHHmm or yyyyMMddHHmmss in Vietnamese local time → ISO 8601 (+07:00), a date alone stays a date; else undefined. */
export function readTime(text: string): string | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour, minute, second = '00'] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  // JavaScript moves 30 February to March: compare, so that no day is moved.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day) || year === '0000')
    return undefined;
  if (hour === undefined || minute === undefined) return `${year}-${month}-${day}`;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}+07:00`;
}
