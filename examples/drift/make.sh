# Run against an empty API server: what runs after five edits by
# hand, on the day of the tests.
set -e
get() {
  kubectl -n shop get deployment/web hpa/web configmap/web secret/web networkpolicy/web role/web \
    --ignore-not-found -o yaml --show-managed-fields | sed 's/20..-..-..T\(..:..:..\)Z/2026-07-30T\1Z/'
}
kubectl create namespace shop
kubectl apply -f declared.yaml
kubectl -n shop set image deployment/web web=registry.shop.example/web@sha256:4d7c5b3a2f1e0d9c8b7a69584736251403f2e1d0c9b8a7968574635241302f1e
kubectl -n shop set env deployment/web LOG_LEVEL=debug
kubectl -n shop delete networkpolicy web
kubectl -n shop patch role web --type=json -p '[{"op": "add", "path": "/rules/-", "value": {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]}}]'
kubectl -n shop scale deployment/web --replicas=7
get > running.yaml
