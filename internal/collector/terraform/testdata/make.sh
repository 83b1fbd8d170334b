#!/bin/sh
# Makes the state and plan files beside it with real OpenTofu and the provider
# of tools/components/sampleprovider, which stands for the clouds. Run it by
# "make samples", which builds both and says where they are. Identifiers of
# states and dates are other ones each time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
platform=$(go env GOOS)_$(go env GOARCH)
for name in aws google azurerm; do
  dir=$work/mirror/registry.opentofu.org/hashicorp/$name/1.0.0/$platform
  mkdir -p "$dir"
  cp "$PROVIDER" "$dir/terraform-provider-$name"
done
printf 'provider_installation {\n  filesystem_mirror {\n    path = "%s/mirror"\n  }\n}\n' "$work" > "$work/tofurc"
export TF_CLI_CONFIG_FILE=$work/tofurc CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1
cp -R "$here/src" "$work/src"

for env in staging production; do
  clouds=$work/clouds/$env
  mkdir -p "$clouds" "$here/$env"
  cd "$work/src/$env"
  export TF_VAR_clouds=clouds
  ln -s "$clouds" clouds
  "$TOFU" init -no-color
  "$TOFU" plan -no-color -out first.plan
  "$TOFU" show -no-color -json first.plan > "$here/$env/first.json"
  "$TOFU" apply -no-color -auto-approve first.plan
  cp terraform.tfstate "$here/$env/terraform.tfstate"
done

# Somebody changes staging's cloud by hand, and the next plan finds out.
cd "$work/src/staging"
python3 - "$work/clouds/staging/aws.json" <<'PY'
import json, sys
cloud = json.load(open(sys.argv[1]))
for key, thing in cloud.items():
    if key.startswith("aws_lambda_function "):
        thing["memory_size"] = 512
        thing["environment"][0]["variables"]["LOG_LEVEL"] = "debug"
        thing["environment"][0]["variables"]["DB_PASSWORD"] = "correct-horse-drifted-battery"
    if key.startswith("aws_security_group ") and thing["name"] == "shop-staging-db":
        for rule in thing["ingress"]:
            if rule["cidr_blocks"]:
                rule["cidr_blocks"] = ["0.0.0.0/0"]
gone = [key for key in cloud if key.startswith("aws_cloudwatch_event_target ")]
for key in gone:
    del cloud[key]
json.dump(cloud, open(sys.argv[1], "w"))
PY
"$TOFU" plan -no-color -out drift.plan
"$TOFU" show -no-color -json drift.plan > "$here/staging/drift.json"
"$TOFU" show -no-color -json > "$here/staging/show.json"

# A local backend with workspaces.
cd "$work/src/workspaces"
"$TOFU" init -no-color
"$TOFU" apply -no-color -auto-approve
"$TOFU" workspace new -no-color big
"$TOFU" apply -no-color -auto-approve
rm -rf "$here/workspaces"
mkdir "$here/workspaces"
cp -R terraform.tfstate terraform.tfstate.d "$here/workspaces/"
"$TOFU" version
