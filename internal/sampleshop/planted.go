package sampleshop

import "strings"

const (
	shopFile    = "manifests/shop.yaml"
	shop        = "Deployment shop"
	shopConfig  = "ConfigMap shop-config"
	networkFile = "manifests/network.yaml"
)

// inApp is a path below the only container of a workload.
func inApp(path ...string) []string {
	return append([]string{"spec", "template", "spec", "containers", "name=app"}, path...)
}

func variable(file, object, name, value string) edit {
	return edit{File: file, Object: object, Path: inApp("env", "name="+name, "value"), Value: value}
}

func key(name, value string) edit {
	return edit{File: shopFile, Object: shopConfig, Path: []string{"data", name}, Value: value}
}

func replicas(n int) edit {
	return edit{File: shopFile, Object: shop, Path: []string{"spec", "replicas"}, Value: n}
}

// library changes a component of the shop's bill of materials.
func library(name, version string) []edit {
	change := func(field, value string) edit {
		return edit{File: "shop.cdx.json", Path: []string{"components", "name=" + name, field}, Value: value}
	}
	return []edit{
		change("version", version), change("purl", "pkg:golang/example.com/lib/"+name+"@v"+version),
		change("bom-ref", name+"@"+version),
	}
}

// light are the endpoints whose answers take little time by themselves.
func light() []string {
	return []string{"GET /catalog", "GET /search", "GET /products/{sku}", "GET /cart/{id}"}
}

// Cases gives the planted cases.
func Cases() []Case {
	cart, order := []string{"GET /cart/{id}"}, []string{"POST /checkout"}
	return append(slow(cart, order), []Case{
		{
			Name:    "network-policy",
			Planted: Planted{"NetworkPolicy", "shop-egress", "/spec/egress"}, Errors: true, Affected: order, Integrations: []string{"payments"},
			cause: []edit{{File: networkFile, Object: "NetworkPolicy shop-egress", Path: []string{"spec", "egress", "1"}}},
		},
		{
			// The version that does not try again, while payments turn requests away.
			Name:    "dependency-version",
			Planted: Planted{"software", "shop", "payments-client"}, Errors: true, Affected: order,
			both:  []edit{variable("manifests/payments.yaml", "Deployment payments", "SHED_PERCENT", "15")},
			cause: library("payments-client", "2.0.0"),
			more:  []edit{{File: shopFile, Object: shop, Path: inApp("image"), Value: "registry.example.com/webshop/shop:1.5.0"}},
		},
		{
			Name:    "timeout",
			Planted: Planted{"Deployment", "shop", "PAYMENTS_TIMEOUT"}, Errors: true, Affected: order, Integrations: []string{"payments"},
			cause: []edit{variable(shopFile, shop, "PAYMENTS_TIMEOUT", "55ms")},
		},
	}...)
}

// slow are the cases in which requests take longer.
func slow(cart, order []string) []Case {
	return []Case{
		{
			Name:    "cpu-limit",
			Planted: Planted{"Deployment", "shop", "/resources/limits/cpu"}, Affected: append(order, light()...),
			cause: []edit{{File: shopFile, Object: shop, Path: inApp("resources", "limits", "cpu"), Value: "40m"}},
		},
		{
			Name:    "pool-size",
			Planted: Planted{"ConfigMap", "shop-config", "/DB_POOL_SIZE"}, Affected: cart, Integrations: []string{"store"},
			both:  []edit{replicas(1)},
			cause: []edit{key("DB_POOL_SIZE", "1")},
		},
		{
			Name:    "missing-index",
			Planted: Planted{"section", "tables", "carts_id"}, Affected: cart, Integrations: []string{"store"},
			cause: []edit{{File: "schema.yaml", Path: []string{"tables", "carts", "indexes", "name=carts_id"}}},
		},
		{
			Name:    "flag",
			Planted: Planted{"section", "flags", "/live-prices"}, Affected: cart, Integrations: []string{"inventory"},
			cause: []edit{{File: "flags.yaml", Path: []string{"flags", FlagLivePrices, "enabled"}, Value: true}},
		},
		{
			Name:    "cache-off",
			Planted: Planted{"ConfigMap", "shop-config", "/CACHE_ENABLED"}, Affected: []string{"GET /catalog", "GET /products/{sku}"},
			Integrations: []string{"inventory"},
			cause:        []edit{key("CACHE_ENABLED", "false")},
		},
		{
			Name:    "replica-count",
			Planted: Planted{"Deployment", "shop", "/spec/replicas"}, Affected: append(light(), "GET /health"),
			both:  []edit{replicas(4), variable(shopFile, shop, "MAX_CONCURRENCY", "2")},
			cause: []edit{replicas(1)},
		},
		{
			Name:    "log-level",
			Planted: Planted{"Deployment", "shop", "LOG_LEVEL"}, Affected: light(),
			cause: []edit{variable(shopFile, shop, "LOG_LEVEL", "debug")},
		},
	}
}

// Matches tells whether a difference is the planted one.
func (p Planted) Matches(kind, name, path string) bool {
	return (p.Kind == "" || p.Kind == kind) && (p.Name == "" || p.Name == name) && strings.Contains(path, p.Path)
}
