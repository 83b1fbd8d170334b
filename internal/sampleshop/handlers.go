package sampleshop

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// CPU time that endpoints need.
const (
	renderWork   = 50 * time.Microsecond
	searchWork   = 100 * time.Microsecond
	checkoutWork = 2 * time.Millisecond // the median

	checkoutSpread = 0.3
)

// FlagLivePrices asks for the price of each item of a cart by itself.
const FlagLivePrices = "live-prices"

// endpoints are what the service serves.
func (s *Service) endpoints() map[string]func(*request) (int, any) {
	return map[string]func(*request) (int, any){
		"GET /health":         health,
		"GET /catalog":        catalog,
		"GET /products/{sku}": oneProduct,
		"GET /search":         search,
		"GET /cart/{id}":      showCart,
		"POST /checkout":      checkout,
	}
}

func health(*request) (int, any) { return http.StatusOK, map[string]string{"status": "ok"} }

// pageLength is how many products a page of the catalog has.
const pageLength = 10

func catalog(r *request) (int, any) {
	page, _ := strconv.Atoi(r.http.FormValue("page"))
	items, err := r.page(page)
	if err != nil {
		return failure(err)
	}
	if err := r.replica.quota.use(r.ctx, renderWork); err != nil {
		return failure(err)
	}
	return http.StatusOK, items
}

func oneProduct(r *request) (int, any) {
	sku := r.http.PathValue("sku")
	number, _ := strconv.Atoi(strings.TrimPrefix(sku, "s"))
	items, err := r.page(number / pageLength)
	if err != nil {
		return failure(err)
	}
	if err := r.replica.quota.use(r.ctx, renderWork); err != nil {
		return failure(err)
	}
	for _, p := range items {
		if p.SKU == sku {
			return http.StatusOK, p
		}
	}
	return http.StatusNotFound, nil
}

// page gives a page of the catalog.
func (r *request) page(number int) ([]product, error) {
	names := make([]string, pageLength)
	for i := range names {
		names[i] = "s" + strconv.Itoa((number*pageLength+i)%skus)
	}
	return r.items(names)
}

// items asks the inventory for products, unless the cache has the answer.
func (r *request) items(names []string) ([]product, error) {
	list := strings.Join(names, ",")
	if v, ok := r.replica.cache.get(list); ok {
		return v.([]product), nil
	}
	var items []product
	_, err := r.do(call{
		peer: "inventory", method: http.MethodGet, path: "/items?skus=" + list, template: "/items",
		timeout: r.service.plan.inventory,
	}, &items)
	if err == nil {
		r.replica.cache.put(list, items)
	}
	return items, err
}

func search(r *request) (int, any) {
	begin := time.Now()
	err := r.replica.quota.use(r.ctx, searchWork)
	r.service.metrics.search.Observe(time.Since(begin).Seconds())
	if err != nil {
		return failure(err)
	}
	return http.StatusOK, map[string]int{"found": len(r.http.FormValue("q"))}
}

func showCart(r *request) (int, any) {
	id := r.http.PathValue("id")
	var c cart
	_, err := r.do(call{
		peer: "store", method: http.MethodGet, path: "/carts/" + id, template: "/carts/{id}", timeout: r.service.plan.store,
	}, &c)
	if err != nil {
		return failure(err)
	}
	sum, err := r.price(c.SKUs)
	if err != nil {
		return failure(err)
	}
	if err := r.replica.quota.use(r.ctx, renderWork); err != nil {
		return failure(err)
	}
	return http.StatusOK, map[string]any{"items": c.SKUs, "cents": sum}
}

// price sums up current prices: in one call, or one by one with the flag.
func (r *request) price(names []string) (int, error) {
	if !r.service.plan.Flags[FlagLivePrices] {
		var items []product
		_, err := r.do(call{
			peer: "inventory", method: http.MethodGet, path: "/prices?skus=" + strings.Join(names, ","), template: "/prices",
			timeout: r.service.plan.inventory,
		}, &items)
		return sumOf(items), err
	}
	items := make([]product, len(names))
	for i, sku := range names {
		_, err := r.do(call{
			peer: "inventory", method: http.MethodGet, path: "/prices/" + sku, template: "/prices/{sku}",
			timeout: r.service.plan.inventory,
		}, &items[i])
		if err != nil {
			return 0, err
		}
	}
	return sumOf(items), nil
}

func sumOf(items []product) (cents int) {
	for _, p := range items {
		cents += p.Cents
	}
	return cents
}

func checkout(r *request) (int, any) {
	status, body := r.order()
	outcome := "placed"
	if status >= http.StatusBadRequest {
		outcome = "failed"
	}
	r.service.metrics.ordered(outcome)
	return status, body
}

func (r *request) order() (int, any) {
	if err := r.replica.quota.use(r.ctx, r.service.dice.lognormal(checkoutWork, checkoutSpread)); err != nil {
		return failure(err)
	}
	_, err := r.do(call{
		peer: "inventory", method: http.MethodPost, path: "/reservations?skus=s1,s2", template: "/reservations",
		timeout: r.service.plan.inventory,
	}, nil)
	if err != nil {
		return failure(err)
	}
	if err := r.service.charger.charge(r, 1999); err != nil {
		return failure(err)
	}
	_, err = r.do(call{
		peer: "store", method: http.MethodPost, path: "/orders?statements=" + strconv.Itoa(r.service.plan.statements), template: "/orders", timeout: r.service.plan.store,
		body: []byte(`{"cart":"c1"}`),
	}, nil)
	if err != nil {
		return failure(err)
	}
	return http.StatusCreated, map[string]string{"order": "placed"}
}

// failure gives the answer to a request of which a part failed.
func failure(err error) (int, any) {
	status := http.StatusBadGateway
	if timedOut(err) {
		status = http.StatusGatewayTimeout
	}
	return status, map[string]string{"error": err.Error()}
}
