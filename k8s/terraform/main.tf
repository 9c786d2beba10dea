# The IAM role of the eksnet controller: Pod Identity by default, IRSA with oidc_provider_arn. The policies beside this file are
# generated from the program by `make reference`.

terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.30"
    }
  }
}

variable "cluster_name" {
  description = "Name of the EKS cluster."
  type        = string
}

variable "namespace" {
  description = "Namespace of the Helm release."
  type        = string
  default     = "eksnet"
}

variable "service_account" {
  description = "Service account of the controller: eksnet-controller if the Helm release is called eksnet."
  type        = string
  default     = "eksnet-controller"
}

variable "role_name" {
  description = "Name of the role. It must be unique in the account; with several clusters use one per cluster."
  type        = string
  default     = "eksnet"
}

variable "oidc_provider_arn" {
  description = "ARN of the IAM OIDC provider of the cluster, for IRSA. Null: Pod Identity."
  type        = string
  default     = null
}

variable "permissions_boundary" {
  description = "ARN of a policy that bounds the role, if the account requires one."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the role and the association."
  type        = map(string)
  default     = {}
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  irsa = var.oidc_provider_arn != null

  policy = templatefile("${path.module}/iam-policy.json.tftpl", {
    partition = data.aws_partition.current.partition
    region    = data.aws_region.current.id
    account   = data.aws_caller_identity.current.account_id
    cluster   = var.cluster_name
  })

  trust = local.irsa ? templatefile("${path.module}/trust-irsa.json.tftpl", {
    partition       = data.aws_partition.current.partition
    account         = data.aws_caller_identity.current.account_id
    issuer          = try(regex("oidc-provider/(.+)$", var.oidc_provider_arn)[0], "")
    namespace       = var.namespace
    service_account = var.service_account
  }) : file("${path.module}/trust-pod-identity.json")
}

resource "aws_iam_role" "this" {
  name                 = var.role_name
  description          = "Read-only permissions of the eksnet controller"
  assume_role_policy   = local.trust
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "this" {
  name   = "eksnet"
  role   = aws_iam_role.this.id
  policy = local.policy
}

resource "aws_eks_pod_identity_association" "this" {
  count = local.irsa ? 0 : 1

  cluster_name    = var.cluster_name
  namespace       = var.namespace
  service_account = var.service_account
  role_arn        = aws_iam_role.this.arn
  tags            = var.tags
}

output "role_arn" {
  description = "For IRSA, the value serviceAccount.roleArn of the chart."
  value       = aws_iam_role.this.arn
}
