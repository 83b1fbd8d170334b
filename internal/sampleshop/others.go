package sampleshop

// Others gives further cases like those of Cases, of causes that work in other
// ways. Whoever makes ranks to fit Cases may measure here what they are worth
// elsewhere, and so must not fit them to these.
func Others() []Case {
	orders := variable("manifests/payments.yaml", "Deployment payments", "SHED_PERCENT", "25")
	return []Case{
		{
			Name:    "concurrency",
			Planted: Planted{"Deployment", "shop", "MAX_CONCURRENCY"}, Affected: light(),
			both:  []edit{replicas(1), variable(shopFile, shop, "ORDER_STATEMENTS", "5")},
			cause: []edit{variable(shopFile, shop, "MAX_CONCURRENCY", "2")},
		},
		{
			Name:    "store-timeout",
			Planted: Planted{"Deployment", "shop", "STORE_TIMEOUT"}, Errors: true, Affected: []string{"GET /cart/{id}"}, Integrations: []string{"store"},
			cause: []edit{variable(shopFile, shop, "STORE_TIMEOUT", "11ms")},
		},
		{
			Name:    "cache-size",
			Planted: Planted{"ConfigMap", "shop-config", "/CACHE_SIZE"}, Affected: []string{"GET /catalog"}, Integrations: []string{"inventory"},
			cause: []edit{key("CACHE_SIZE", "1")},
		},
		{
			Name:    "statements",
			Planted: Planted{"Deployment", "shop", "ORDER_STATEMENTS"}, Affected: []string{"POST /checkout"}, Integrations: []string{"store"},
			cause: []edit{variable(shopFile, shop, "ORDER_STATEMENTS", "8")},
		},
		{
			Name:    "peer-sheds",
			Planted: Planted{"Deployment", "payments", "SHED_PERCENT"}, Errors: true, Affected: []string{"POST /checkout"}, Integrations: []string{"payments"},
			both:  library("payments-client", "2.0.0"),
			cause: []edit{orders},
		},
		{
			Name:    "inventory-policy",
			Planted: Planted{"NetworkPolicy", "shop-egress", "/spec/egress"}, Errors: true, Affected: []string{"GET /cart/{id}", "POST /checkout"},
			Integrations: []string{"inventory"},
			cause:        []edit{{File: networkFile, Object: "NetworkPolicy shop-egress", Path: []string{"spec", "egress", "0"}}},
		},
	}
}
