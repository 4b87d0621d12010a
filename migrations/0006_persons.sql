CREATE TABLE `pages` (
	`hash` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`subject` text NOT NULL,
	`secret` text,
	`issuer` text,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `person_changes` (
	`phone` text NOT NULL,
	`person` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`phone`, `person`)
);
--> statement-breakpoint
CREATE TABLE `person_phones` (
	`person` text NOT NULL,
	`phone` text NOT NULL,
	PRIMARY KEY(`person`, `phone`),
	FOREIGN KEY (`person`) REFERENCES `persons`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `person_phones_phone` ON `person_phones` (`phone`);--> statement-breakpoint
CREATE TABLE `persons` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`pin` text,
	`authenticator` text,
	`languages` text NOT NULL,
	`attributes` text NOT NULL,
	`attempts` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
