/** Whether a title is in a script that has no italics: then it is set upright. */
export function isUpright(title: string): boolean {
  return /[\u0590-\u08ff\ufb1d-\ufefc]/.test(title);
}
