CREATE TABLE `overdue` (
	`phone` text PRIMARY KEY NOT NULL,
	`due_at` integer NOT NULL
);
