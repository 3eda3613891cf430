CREATE TABLE `cameos` (
	`account_id` text PRIMARY KEY NOT NULL,
	`cameo_id` text NOT NULL,
	`status` text NOT NULL,
	`level` text NOT NULL,
	`verification` text,
	`portrait` text,
	`review_before_publication` integer NOT NULL,
	`epoch` integer NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cameos_cameo` ON `cameos` (`cameo_id`);--> statement-breakpoint
CREATE TABLE `clip_keys` (
	`key` text NOT NULL,
	`clip_id` text NOT NULL,
	`inherited` integer NOT NULL,
	PRIMARY KEY(`key`, `clip_id`)
);
--> statement-breakpoint
CREATE INDEX `clip_keys_clip` ON `clip_keys` (`clip_id`);--> statement-breakpoint
CREATE TABLE `erasures` (
	`subject` text PRIMARY KEY NOT NULL,
	`receipt` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `grants` (
	`id` text PRIMARY KEY NOT NULL,
	`cameo_account_id` text NOT NULL,
	`grantee_id` text NOT NULL,
	`purpose` text NOT NULL,
	`uses` integer,
	`used` integer NOT NULL,
	`until` text,
	`review_before_generation` integer NOT NULL,
	`review_before_publication` integer NOT NULL,
	`allow` text NOT NULL,
	`revoked` integer NOT NULL,
	`created_at` text NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `grants_grantee` ON `grants` (`grantee_id`);--> statement-breakpoint
CREATE INDEX `grants_cameo` ON `grants` (`cameo_account_id`);--> statement-breakpoint
CREATE TABLE `legal_holds` (
	`clip_id` text PRIMARY KEY NOT NULL,
	`reason` text NOT NULL,
	`until` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `clips` ADD `cast` text DEFAULT '[]' NOT NULL;