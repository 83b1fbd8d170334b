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

// Cases gives the planted cases. What each does was measured in 35 s with 40
// requests a second for each copy, in production and in staging.
func Cases() []Case {
	cart, order := []string{"GET /cart/{id}"}, []string{"POST /checkout"}
	return append(slow(cart, order), []Case{
		{
			// Every order fails, after the 250 ms of CONNECT_TIMEOUT.
			Name:    "network-policy",
			Planted: Planted{"NetworkPolicy", "shop-egress", "/spec/egress"}, Errors: true, Affected: order, Integrations: []string{"payments"},
			cause: []edit{{File: networkFile, Object: "NetworkPolicy shop-egress", Path: []string{"spec", "egress", "1"}}},
		},
		{
			// The version that does not try again, while payments turn 15 % of the
			// requests away: 14 % of the orders fail.
			Name:    "dependency-version",
			Planted: Planted{"software", "shop", "payments-client"}, Errors: true, Affected: order,
			both:  []edit{variable("manifests/payments.yaml", "Deployment payments", "SHED_PERCENT", "15")},
			cause: library("payments-client", "2.0.0"),
			more:  []edit{{File: shopFile, Object: shop, Path: inApp("image"), Value: "registry.example.com/webshop/shop:1.5.0"}},
		},
		{
			// A fifth of the orders and of the calls of payments fail, more on a busy machine.
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
			// P95 of an order 105 and 330 ms, of the light endpoints 9 and 66 to 75 ms.
			Name:    "cpu-limit",
			Planted: Planted{"Deployment", "shop", "/resources/limits/cpu"}, Affected: append(order, light()...),
			cause: []edit{{File: shopFile, Object: shop, Path: inApp("resources", "limits", "cpu"), Value: "20m"}},
		},
		{
			// P95 of a cart 32 and 131 ms, of the store 79 and 140 ms.
			Name:    "pool-size",
			Planted: Planted{"ConfigMap", "shop-config", "/DB_POOL_SIZE"}, Affected: cart, Integrations: []string{"store"},
			both:  []edit{replicas(1), variable(shopFile, shop, "ORDER_STATEMENTS", "7")},
			cause: []edit{key("DB_POOL_SIZE", "1")},
		},
		{
			// P95 of a cart 29 and 46 ms, of the store 14 and 28 ms.
			Name:    "missing-index",
			Planted: Planted{"section", "tables", "carts_id"}, Affected: cart, Integrations: []string{"store"},
			cause: []edit{{File: "schema.yaml", Path: []string{"tables", "carts", "indexes", "name=carts_id"}}},
		},
		{
			// P95 of a cart 29 and 65 ms; three times as many calls of the inventory.
			Name:    "flag",
			Planted: Planted{"section", "flags", "/live-prices"}, Affected: cart, Integrations: []string{"inventory"},
			cause: []edit{{File: "flags.yaml", Path: []string{"flags", FlagLivePrices, "enabled"}, Value: true}},
		},
		{
			// P95 of the catalog 9 and 20 ms; nearly twice as many calls of the inventory.
			Name:    "cache-off",
			Planted: Planted{"ConfigMap", "shop-config", "/CACHE_ENABLED"}, Affected: []string{"GET /catalog", "GET /products/{sku}"},
			Integrations: []string{"inventory"},
			cause:        []edit{key("CACHE_ENABLED", "false")},
		},
		{
			// P95 of the light endpoints 10 and 86 to 90 ms, of a cart 34 and 97 ms.
			Name:    "replica-count",
			Planted: Planted{"Deployment", "shop", "/spec/replicas"}, Affected: append(light(), "GET /health"),
			both: []edit{
				replicas(4), variable(shopFile, shop, "MAX_CONCURRENCY", "2"), variable(shopFile, shop, "ORDER_STATEMENTS", "5"),
			},
			cause: []edit{replicas(1)},
		},
		{
			// P95 of the catalog 9 and 33 ms, of a cart 29 and 49 ms.
			Name:    "log-level",
			Planted: Planted{"Deployment", "shop", "LOG_LEVEL"}, Affected: light(),
			cause: []edit{variable(shopFile, shop, "LOG_LEVEL", "debug")},
		},
	}
}

// Matches reports whether a difference is the planted one.
func (p Planted) Matches(kind, name, path string) bool {
	return (p.Kind == "" || p.Kind == kind) && (p.Name == "" || p.Name == name) && strings.Contains(path, p.Path)
}
