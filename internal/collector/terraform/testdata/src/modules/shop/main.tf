# What both environments have, each with its own names and sizes.

terraform {
  required_providers {
    aws     = { source = "hashicorp/aws" }
    google  = { source = "hashicorp/google" }
    azurerm = { source = "hashicorp/azurerm" }
  }
}

variable "environment" { type = string }
variable "account" { type = string }
variable "partner" { type = string }
variable "project" { type = string }
variable "subscription" { type = string }
variable "memory" { type = number }
variable "db_password" {
  type      = string
  sensitive = true
}

locals {
  prefix = "shop-${var.environment}"
}

data "aws_caller_identity" "current" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

module "bucket" {
  source   = "../bucket"
  for_each = toset(["assets", "exports"])
  name     = "${local.prefix}-${each.key}"
}

data "aws_iam_policy_document" "assets" {
  statement {
    sid       = "Read${title(var.environment)}"
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [module.bucket["assets"].arn, "${module.bucket["assets"].arn}/*"]
  }
  statement {
    effect      = "Deny"
    not_actions = ["s3:GetObject"]
    resources   = ["${module.bucket["assets"].arn}/private/*"]
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_iam_policy" "assets" {
  name   = "${local.prefix}-assets"
  policy = data.aws_iam_policy_document.assets.json
}

resource "aws_s3_bucket_policy" "exports" {
  bucket = "${local.prefix}-exports"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Partner"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${var.partner}:role/import" }
      Action    = "s3:GetObject"
      Resource  = "${module.bucket["exports"].arn}/*"
      Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:iam::${var.account}:role/*" } }
    }]
  })
}

resource "aws_sqs_queue" "orders" {
  name = "${local.prefix}-orders"
  policy = jsonencode({
    Statement = {
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = ["sqs:SendMessage"]
      Resource  = "*"
      Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:events:eu-west-1:${var.account}:rule/${local.prefix}-nightly" } }
    }
  })
}

resource "aws_kms_key" "main" {
  description         = "everything of the shop"
  enable_key_rotation = true
}

resource "aws_iam_role" "worker" {
  name = "${local.prefix}-worker"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "worker" {
  name = "queue"
  role = aws_iam_role.worker.name
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:DeleteMessage"], Resource = aws_sqs_queue.orders.arn }]
  })
}

resource "aws_iam_role_policy_attachment" "worker" {
  role       = aws_iam_role.worker.name
  policy_arn = aws_iam_policy.assets.arn
}

resource "aws_iam_access_key" "ci" {
  user = "${local.prefix}-ci"
}

resource "aws_lambda_function" "worker" {
  function_name                  = "${local.prefix}-worker"
  role                           = aws_iam_role.worker.arn
  handler                        = "worker.handle"
  runtime                        = "python3.13"
  filename                       = "worker.zip"
  memory_size                    = var.memory
  timeout                        = 30
  reserved_concurrent_executions = 5
  architectures                  = ["arm64"]
  environment {
    variables = {
      QUEUE_URL   = aws_sqs_queue.orders.url
      LOG_LEVEL   = "info"
      DB_PASSWORD = var.db_password
      API_TOKEN   = "tok-${var.environment}-0d9f3b7c5a1e"
    }
  }
}

resource "aws_lambda_provisioned_concurrency_config" "worker" {
  function_name                     = aws_lambda_function.worker.function_name
  qualifier                         = "live"
  provisioned_concurrent_executions = 2
}

resource "aws_lambda_event_source_mapping" "orders" {
  function_name    = aws_lambda_function.worker.arn
  event_source_arn = aws_sqs_queue.orders.arn
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "${local.prefix}-nightly"
  schedule_expression = "cron(0 3 * * ? *)"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule = aws_cloudwatch_event_rule.nightly.name
  arn  = aws_lambda_function.worker.arn
}

resource "aws_lb" "web" {
  name = "${local.prefix}-web"
}

resource "aws_lb_target_group" "web" {
  name     = "${local.prefix}-web"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  health_check {
    path     = "/healthz"
    interval = 15
    timeout  = 5
  }
}

resource "aws_acm_certificate" "web" {
  domain_name               = "${var.environment}.shop.example.com"
  subject_alternative_names = ["www.${var.environment}.shop.example.com"]
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.web.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = aws_acm_certificate.web.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_servicequotas_service_quota" "lambda" {
  service_code = "lambda"
  quota_code   = "L-B99A9384"
  value        = 1000
}

resource "aws_db_instance" "main" {
  identifier        = "${local.prefix}-main"
  engine            = "postgres"
  engine_version    = "16.4"
  instance_class    = "db.t4g.medium"
  allocated_storage = 50
  username          = "shop"
  password          = var.db_password
}

resource "aws_ssm_parameter" "license" {
  name  = "/${var.environment}/license"
  type  = "SecureString"
  value = "license-of-${var.environment}-7f3a9c"
}

resource "aws_network_acl" "main" {
  vpc_id = aws_vpc.main.id
  ingress {
    rule_no    = 100
    action     = "deny"
    protocol   = "tcp"
    cidr_block = "10.9.0.0/16"
    from_port  = 22
    to_port    = 22
  }
  ingress {
    rule_no    = 200
    action     = "allow"
    protocol   = "-1"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
}

resource "google_compute_firewall" "web" {
  name          = "web"
  network       = "default"
  source_ranges = ["0.0.0.0/0"]
  target_tags   = ["web"]
  allow {
    protocol = "tcp"
    ports    = ["80", "443", "8080-8081"]
  }
  allow { protocol = "icmp" }
}

resource "google_cloudfunctions2_function" "resize" {
  name     = "resize"
  location = "europe-west1"
  build_config {
    runtime     = "nodejs22"
    entry_point = "resize"
  }
  service_config {
    available_memory      = "512M"
    timeout_seconds       = 60
    min_instance_count    = 0
    max_instance_count    = 10
    environment_variables = { BUCKET = "${local.prefix}-images" }
  }
  event_trigger {
    event_type   = "google.cloud.pubsub.topic.v1.messagePublished"
    pubsub_topic = "projects/${var.project}/topics/images"
  }
}

resource "google_cloud_run_v2_service" "api" {
  name     = "api"
  location = "europe-west1"
  template {
    timeout                          = "300s"
    max_instance_request_concurrency = 80
    scaling {
      min_instance_count = 1
      max_instance_count = 4
    }
    containers {
      image = "europe-docker.pkg.dev/${var.project}/shop/api:1.4.2"
      env {
        name  = "LOG_LEVEL"
        value = "info"
      }
      resources {
        limits = { cpu = "1000m", memory = "512Mi" }
      }
    }
  }
}

resource "google_storage_bucket" "images" {
  name     = "${local.prefix}-images"
  location = "EU"
}

resource "google_storage_bucket_iam_policy" "images" {
  bucket      = google_storage_bucket.images.name
  policy_data = jsonencode({ bindings = [{ role = "roles/storage.objectViewer", members = ["allUsers"] }] })
}

resource "azurerm_network_security_group" "web" {
  name                = "web"
  resource_group_name = local.prefix
  location            = "westeurope"
}

resource "azurerm_role_definition" "operator" {
  name              = "operator"
  scope             = "/subscriptions/${var.subscription}"
  assignable_scopes = ["/subscriptions/${var.subscription}"]
  permissions {
    actions     = ["Microsoft.Compute/*/read", "Microsoft.Compute/virtualMachines/start/action"]
    not_actions = ["Microsoft.Compute/disks/read"]
  }
}

resource "azurerm_role_assignment" "operator" {
  scope                = "/subscriptions/${var.subscription}"
  role_definition_name = "operator"
  principal_id         = "7a1b2c3d-0000-4000-a000-${var.account}"
}

resource "azurerm_linux_function_app" "mail" {
  name                = "${local.prefix}-mail"
  resource_group_name = local.prefix
  location            = "westeurope"
  app_settings        = { FUNCTIONS_WORKER_RUNTIME = "python", SMTP_HOST = "smtp.${var.environment}.example.com" }
  site_config {
    minimum_tls_version = "1.2"
    application_stack { python_version = "3.12" }
  }
}

output "vpc_id" { value = aws_vpc.main.id }
output "worker_arn" { value = aws_lambda_function.worker.arn }
output "db_endpoint" { value = aws_db_instance.main.endpoint }
output "db_url" {
  value     = "postgres://shop:${var.db_password}@${aws_db_instance.main.endpoint}/shop"
  sensitive = true
}
