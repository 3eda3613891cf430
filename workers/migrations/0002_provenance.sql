CREATE TABLE `manifests` (
	`label` text PRIMARY KEY NOT NULL,
	`clip_id` text,
	`upload_id` text,
	`store_key` text NOT NULL,
	`cr_json_key` text,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `media_objects` (
	`sha256` text PRIMARY KEY NOT NULL,
	`object_key` text NOT NULL,
	`size` integer NOT NULL,
	`media_type` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `moderation_cases` (
	`id` text PRIMARY KEY NOT NULL,
	`subject_kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`author_id` text,
	`status` text NOT NULL,
	`action` text,
	`policy_id` text,
	`decision_id` text,
	`decided_by` text,
	`appeal_status` text,
	`opened_at` text NOT NULL,
	`decided_at` text,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `moderation_cases_subject` ON `moderation_cases` (`subject_kind`,`subject_id`);--> statement-breakpoint
CREATE INDEX `moderation_cases_author` ON `moderation_cases` (`author_id`,`decided_at`);--> statement-breakpoint
CREATE INDEX `moderation_cases_decision` ON `moderation_cases` (`decision_id`);--> statement-breakpoint
CREATE TABLE `uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_id` text NOT NULL,
	`status` text NOT NULL,
	`record` text NOT NULL,
	`sha256` text,
	`version` integer NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `uploads_owner` ON `uploads` (`owner_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `uploads_sha256` ON `uploads` (`sha256`);--> statement-breakpoint
CREATE TABLE `watermarks` (
	`watermark_id` text NOT NULL,
	`generation_id` text NOT NULL,
	`clip_id` text NOT NULL,
	`manifest_label` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`watermark_id`, `generation_id`)
);
--> statement-breakpoint
CREATE INDEX `watermarks_clip` ON `watermarks` (`clip_id`);--> statement-breakpoint
CREATE INDEX `watermarks_manifest` ON `watermarks` (`manifest_label`);--> statement-breakpoint
ALTER TABLE `reports` ADD `token_hash` text;--> statement-breakpoint
ALTER TABLE `reports` ADD `case_id` text;--> statement-breakpoint
ALTER TABLE `reports` ADD `outcome` text;--> statement-breakpoint
ALTER TABLE `reports` ADD `decided_at` text;--> statement-breakpoint
CREATE INDEX `reports_reporter` ON `reports` (`reporter_id`,`outcome`);--> statement-breakpoint
CREATE UNIQUE INDEX `reports_token` ON `reports` (`token_hash`);