/** Shapes of the icons, in a box of 24. */
export const CROSS = "M6 6l12 12M18 6L6 18";
export const BUBBLE = "M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12.5h5";
export const BROOM = "M4 7h16M9 7V4h6v3M6.5 7l1 13h9l1-13";
export const PIN = "M12 21s-7-6.2-7-11.5a7 7 0 0 1 14 0C19 14.8 12 21 12 21zM12 7v5M9.5 9.5h5";
export const MICROPHONE = "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4";
export const ARROW = "M5 12h13M12 5l7 7-7 7";
