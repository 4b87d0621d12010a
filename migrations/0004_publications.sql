CREATE TABLE `publications` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`noun` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`document` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`from` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `publications_version` ON `publications` (`noun`,`name`,`version`);--> statement-breakpoint
CREATE TABLE `trials` (
	`topic` text NOT NULL,
	`phone` text NOT NULL,
	`started_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`topic`, `phone`),
	FOREIGN KEY (`topic`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `publications` (`noun`, `name`, `version`, `document`, `at`, `by`) SELECT 'topic', `id`, 1, `document`, `updated_at`, 'admin' FROM `topics` ORDER BY `id`;--> statement-breakpoint
INSERT INTO `publications` (`noun`, `name`, `version`, `document`, `at`, `by`) SELECT 'application', `id`, 1, `document`, `updated_at`, 'admin' FROM `applications` ORDER BY `id`;
