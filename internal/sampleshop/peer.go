package sampleshop

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// peer is a server that the service calls.
type peer struct {
	plan   *plan
	name   string
	dice   *dice
	tracer *tracer
	mux    *http.ServeMux
	// silent peers make no spans of their own, as databases do not.
	silent bool
}

func newPeer(p *plan, t *tracer, name string, stream uint64) *peer {
	return &peer{plan: p, name: name, dice: newDice(p.Seed, stream), tracer: t, mux: http.NewServeMux()}
}

// handle adds an endpoint; f gives the status and what is answered.
func (p *peer) handle(pattern string, f func(ctx context.Context, r *http.Request) (int, any)) {
	method, route, _ := strings.Cut(pattern, " ")
	p.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		var s *span
		if !p.silent {
			s = p.tracer.follow(r.Header, p.name, pattern)
		}
		status, body := f(r.Context(), r)
		linger(r.Context(), slower(time.Since(begin), p.plan.Slowdown))
		s.set("http.request.method", method)
		s.set("http.route", route)
		s.set("http.response.status_code", status)
		s.end(status >= http.StatusInternalServerError)
		answer(w, status, body)
	})
}

// slower is how much longer something that took d takes with a slowdown.
func slower(d time.Duration, factor float64) time.Duration {
	return time.Duration(float64(d) * (factor - 1))
}

func answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		status, text = http.StatusInternalServerError, []byte(`{}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text)
}

// takes waits as long as the peer takes for what it does by itself.
func (p *peer) takes(ctx context.Context, median time.Duration, sigma float64) {
	_ = pause(ctx, p.dice.lognormal(median, sigma))
}

// skus is how many products there are.
const skus = 50

// product is what the inventory knows of one.
type product struct {
	SKU   string `json:"sku"`
	Title string `json:"title"`
	Cents int    `json:"cents"`
	Stock int    `json:"stock"`
}

func products() map[string]product {
	all := make(map[string]product, skus)
	for i := range skus {
		sku := "s" + strconv.Itoa(i)
		all[sku] = product{SKU: sku, Title: fmt.Sprintf("Product number %d", i), Cents: 199 + 37*i, Stock: 1000}
	}
	return all
}

// How long the peers take: median and spread of the logarithm.
const (
	inventoryTakes, inventorySpread = 6 * time.Millisecond, 0.4
	paymentsTake, paymentsSpread    = 40 * time.Millisecond, 0.4
	queryTakes, querySpread         = 5 * time.Millisecond, 0.4
	orderTakes, orderSpread         = 8 * time.Millisecond, 0.3
)

// inventory knows products, prices and stock.
func inventory(p *plan, t *tracer) *peer {
	s, all := newPeer(p, t, "inventory", 2), products()
	one := func(ctx context.Context, r *http.Request) (int, any) {
		s.takes(ctx, inventoryTakes, inventorySpread)
		item, ok := all[r.PathValue("sku")]
		if !ok {
			return http.StatusNotFound, nil
		}
		return http.StatusOK, item
	}
	several := func(ctx context.Context, r *http.Request) (int, any) {
		s.takes(ctx, inventoryTakes, inventorySpread)
		items := []product{}
		for sku := range strings.SplitSeq(r.FormValue("skus"), ",") {
			if item, ok := all[sku]; ok {
				items = append(items, item)
			}
		}
		return http.StatusOK, items
	}
	s.handle("GET /items/{sku}", one)
	s.handle("GET /items", several)
	s.handle("GET /prices/{sku}", one)
	s.handle("GET /prices", several)
	s.handle("POST /reservations", several)
	return s
}

// payments charge, or turn away when they are busy.
func payments(p *plan, t *tracer) *peer {
	s := newPeer(p, t, "payments", 3)
	s.handle("POST /charges", func(ctx context.Context, _ *http.Request) (int, any) {
		if s.dice.chance(p.shed) {
			return http.StatusServiceUnavailable, map[string]string{"error": "busy, try again"}
		}
		s.takes(ctx, paymentsTake, paymentsSpread)
		if s.dice.chance(p.IntegrationFailures) {
			return http.StatusInternalServerError, map[string]string{"error": "the charge failed"}
		}
		return http.StatusCreated, map[string]string{"charge": "ok"}
	})
	return s
}

// store holds carts and orders, in tables as the schema has them.
func store(p *plan, t *tracer) *peer {
	s, carts := newPeer(p, t, "store", 4), newRows(p.tables["carts"])
	s.silent = true
	s.handle("GET /carts/{id}", func(ctx context.Context, r *http.Request) (int, any) {
		s.takes(ctx, queryTakes, querySpread)
		row, _ := carts.find(r.PathValue("id"))
		if row == nil {
			return http.StatusNotFound, nil
		}
		return http.StatusOK, cartOf(row)
	})
	s.handle("POST /orders", func(ctx context.Context, r *http.Request) (int, any) {
		statements, _ := strconv.Atoi(r.FormValue("statements"))
		s.takes(ctx, time.Duration(statements)*orderTakes, orderSpread)
		return http.StatusCreated, map[string]string{"order": "ok"}
	})
	return s
}

// cart is what the store knows of one.
type cart struct {
	SKUs []string `json:"skus"`
}

// cartOf reads a row: "|c7|1,2,3" and zeros.
func cartOf(row []byte) cart {
	text, _, _ := strings.Cut(string(row), "\x00")
	_, items, _ := strings.Cut(strings.TrimPrefix(text, "|"), "|")
	var c cart
	for item := range strings.SplitSeq(items, ",") {
		c.SKUs = append(c.SKUs, "s"+item)
	}
	return c
}
