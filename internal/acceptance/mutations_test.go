package acceptance

import (
	"fmt"
	"strings"
)

// mutation changes one side of a service and says what must be found.
type mutation func(f *fleet, s, p *side) Planted

// mutations are one of every class and kind of change that counts.
var mutations = []mutation{
	func(_ *fleet, s, _ *side) Planted {
		s.tag += "1"
		return Planted{"Deployment", s.name, "/image", "changed", "version"}
	},
	func(_ *fleet, s, _ *side) Planted {
		s.toggle = "false"
		return Planted{"Deployment", s.name, "[name=FEATURE]", "changed", "toggle"}
	},
	func(_ *fleet, s, _ *side) Planted {
		s.limit = "512Mi"
		return Planted{"Deployment", s.name, "/limits/memory", "changed", "sizing"}
	},
	func(_ *fleet, s, _ *side) Planted {
		s.schedule = "7 4 * * 1"
		return Planted{"CronJob", s.name, "/schedule", "changed", "schedule"}
	},
	func(f *fleet, s, _ *side) Planted {
		s.api = "https://" + f.word() + ".vendor.example/v2"
		return Planted{"Deployment", s.name, "[name=API_URL]", "changed", "address"}
	},
	func(f *fleet, s, _ *side) Planted {
		s.level = f.word()
		return Planted{"Deployment", s.name, "[name=LOG_LEVEL]", "changed", "text"}
	},
	func(_ *fleet, s, _ *side) Planted {
		s.command = `["--fast", "serve"]`
		return Planted{"Deployment", s.name, "/command", "changed", "order"}
	},
	func(_ *fleet, s, _ *side) Planted {
		s.variables = s.variables[1:]
		return Planted{"Deployment", s.name, "/env[name=", "missing", ""}
	},
	func(f *fleet, s, _ *side) Planted {
		s.variables = append(s.variables, "EXTRA_"+strings.ToUpper(f.word())+"=1")
		return Planted{"Deployment", s.name, "[name=EXTRA_", "extra", ""}
	},
	func(_ *fleet, s, _ *side) Planted {
		s.policy = false
		return Planted{"NetworkPolicy", s.name, "", "missing", ""}
	},
	func(_ *fleet, s, _ *side) Planted {
		s.verbs = "[list, get, delete]"
		return Planted{"Role", s.name, "delete", "extra", ""}
	},
	func(_ *fleet, s, p *side) Planted {
		s.host = p.host
		return Planted{"Deployment", s.name, "[name=DB_HOST]", "leak", "address"}
	},
	func(_ *fleet, s, p *side) Planted {
		s.account = p.account
		return Planted{"ServiceAccount", s.name, "role-arn", "leak", "address"}
	},
	func(_ *fleet, s, p *side) Planted {
		s.host = strings.Replace(p.host, p.name, p.name+".qa", 1)
		return Planted{"Deployment", s.name, "[name=DB_HOST]", "leak", "address"}
	},
}

// plant makes the n-th mutation.
func (f *fleet) plant(n int, s, p *side) {
	f.planted = append(f.planted, mutations[n%len(mutations)](f, s, p))
}

// objects are the service's objects as one environment declares them.
func (x *side) objects() []string {
	var env strings.Builder
	for _, v := range append([]string{
		"DB_HOST=" + x.host, "API_URL=" + x.api, "FEATURE=" + x.toggle, "LOG_LEVEL=" + x.level,
		"DB_NAME=" + strings.ReplaceAll(x.name, "-", "_") + "_production", "REGION=" + x.region, "CLIENT_ID=" + x.id,
	}, x.variables...) {
		name, value, _ := strings.Cut(v, "=")
		fmt.Fprintf(&env, "        - {name: %s, value: %q}\n", name, value)
	}
	objects := []string{
		fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata: {name: %[1]s, namespace: %[2]s}
spec:
  replicas: %[3]d
  selector: {matchLabels: {app: %[1]s}}
  template:
    metadata: {labels: {app: %[1]s}}
    spec:
%[4]s      containers:
      - name: main
        image: %[5]s%[1]s:%[6]s
        command: %[7]s
        env:
%[8]s        envFrom: [{configMapRef: {name: %[9]s}}]
        resources: {requests: {cpu: "%[10]s", memory: %[11]s}, limits: {memory: %[12]s}}
`, x.name, x.namespace, x.replicas, x.defaults, x.registry, x.tag, x.command, env.String(), x.config, x.cpu, x.memory, x.limit),
		fmt.Sprintf(`apiVersion: v1
kind: ConfigMap
metadata: {name: %s, namespace: %s}
data: {endpoint: "%s:5432", app.yaml: "a: 1\nb: {c: 2}\n"}
`, x.config, x.namespace, x.replica),
		fmt.Sprintf(`apiVersion: v1
kind: ServiceAccount
metadata: {name: %[1]s, namespace: %[2]s, annotations: {eks.amazonaws.com/role-arn: "arn:aws:iam::%[3]s:role/%[1]s"}}
`, x.name, x.namespace, x.account),
		fmt.Sprintf(`apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: %s, namespace: %s}
rules: [{apiGroups: [""], resources: [configmaps], verbs: %s}]
`, x.name, x.namespace, x.verbs),
		fmt.Sprintf(`apiVersion: batch/v1
kind: CronJob
metadata: {name: %[1]s, namespace: %[2]s}
spec:
  schedule: "%[3]s"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: job, image: "%[4]s%[1]s:job"}]}}}}
`, x.name, x.namespace, x.schedule, x.registry),
	}
	if x.policy {
		objects = append(objects, fmt.Sprintf(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: %[1]s, namespace: %[2]s}
spec:
  podSelector: {matchLabels: {app: %[1]s}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]
`, x.name, x.namespace))
	}
	return objects
}
