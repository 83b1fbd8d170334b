package sampleshop

import (
	"fmt"
	"net/http"
	"strings"
)

// DefaultPaymentsClient is the version of the library that charges, where none
// is given.
const DefaultPaymentsClient = "1.8.2"

// charger charges a customer; the library payments-client.
type charger interface {
	charge(r *request, cents int) error
}

// newCharger gives the library in a version.
func newCharger(version string) (charger, error) {
	major, _, _ := strings.Cut(version, ".")
	switch major {
	case "1":
		return chargerV1{}, nil
	case "2":
		return chargerV2{}, nil
	}
	return nil, fmt.Errorf("payments-client %q: no such version", version)
}

func chargeCall(r *request, cents int) call {
	return call{
		peer: "payments", method: http.MethodPost, path: "/charges", template: "/charges",
		timeout: r.service.plan.payments, body: fmt.Appendf(nil, `{"cents":%d,"currency":"EUR"}`, cents),
	}
}

// chargerV1 is version 1: it tries again at once when payments are busy.
type chargerV1 struct{}

// attempts are how often version 1 tries.
const attempts = 4

func (chargerV1) charge(r *request, cents int) error {
	var err error
	for range attempts {
		var status int
		if status, err = r.do(chargeCall(r, cents), nil); status != http.StatusServiceUnavailable {
			return err
		}
	}
	return err
}

// chargerV2 is version 2: a POST is not idempotent, so it is not tried again.
type chargerV2 struct{}

func (chargerV2) charge(r *request, cents int) error {
	_, err := r.do(chargeCall(r, cents), nil)
	return err
}
