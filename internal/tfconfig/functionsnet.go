package tfconfig

import (
	"errors"
	"math/big"
	"net/netip"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

var errNetwork = errors.New("it is no network that has this")

func networks() map[string]function.Function {
	text := function.Parameter{Name: "prefix", Type: cty.String}
	number := function.Parameter{Name: "n", Type: cty.Number}
	return map[string]function.Function{
		"cidrhost": dynamic([]function.Parameter{text, number}, nil, func(a []cty.Value) (cty.Value, error) {
			p, err := netip.ParsePrefix(a[0].AsString())
			n, _ := a[1].AsBigFloat().Int(nil)
			if err != nil {
				return cty.NilVal, errNetwork
			}
			if n.Sign() < 0 {
				n.Add(n, new(big.Int).Lsh(big.NewInt(1), uint(p.Addr().BitLen()-p.Bits())))
			}
			at, ok := offset(p.Masked().Addr(), n)
			if !ok || !p.Masked().Contains(at) {
				return cty.NilVal, errNetwork
			}
			return cty.StringVal(at.String()), nil
		}),
		"cidrnetmask": dynamic([]function.Parameter{text}, nil, func(a []cty.Value) (cty.Value, error) {
			p, err := netip.ParsePrefix(a[0].AsString())
			if err != nil || !p.Addr().Is4() {
				return cty.NilVal, errNetwork
			}
			bits := ^uint32(0) << (32 - p.Bits())
			if p.Bits() == 0 {
				bits = 0
			}
			return cty.StringVal(netip.AddrFrom4([4]byte{byte(bits >> 24), byte(bits >> 16), byte(bits >> 8), byte(bits)}).String()), nil
		}),
		"cidrsubnet": dynamic([]function.Parameter{text, number, number}, nil, func(a []cty.Value) (cty.Value, error) {
			p, err := netip.ParsePrefix(a[0].AsString())
			add, _ := a[1].AsBigFloat().Int64()
			n, _ := a[2].AsBigFloat().Int(nil)
			if err != nil {
				return cty.NilVal, errNetwork
			}
			sub, ok := subnet(p.Masked(), add, n)
			if !ok {
				return cty.NilVal, errNetwork
			}
			return cty.StringVal(sub.String()), nil
		}),
		"cidrsubnets": dynamic([]function.Parameter{text}, &number, subnets),
	}
}

func subnet(p netip.Prefix, add int64, n *big.Int) (netip.Prefix, bool) {
	bits := int64(p.Bits()) + add
	if add < 0 || bits > int64(p.Addr().BitLen()) || n.Sign() < 0 || int64(n.BitLen()) > add {
		return netip.Prefix{}, false
	}
	at, ok := offset(p.Addr(), new(big.Int).Lsh(n, uint(int64(p.Addr().BitLen())-bits)))
	return netip.PrefixFrom(at, int(bits)), ok
}

// subnets takes networks of given sizes out of one, one after the other.
func subnets(a []cty.Value) (cty.Value, error) {
	p, err := netip.ParsePrefix(a[0].AsString())
	if err != nil {
		return cty.NilVal, errNetwork
	}
	p = p.Masked()
	at := big.NewInt(0)
	var out []cty.Value
	for _, v := range a[1:] {
		add, _ := v.AsBigFloat().Int64()
		bits := int64(p.Bits()) + add
		if add < 1 || bits > int64(p.Addr().BitLen()) {
			return cty.NilVal, errNetwork
		}
		each := new(big.Int).Lsh(big.NewInt(1), uint(int64(p.Addr().BitLen())-bits))
		rest := new(big.Int).Mod(at, each)
		if rest.Sign() > 0 {
			at.Add(at, each).Sub(at, rest)
		}
		addr, ok := offset(p.Addr(), at)
		if !ok || !p.Contains(addr) {
			return cty.NilVal, errNetwork
		}
		out = append(out, cty.StringVal(netip.PrefixFrom(addr, int(bits)).String()))
		at.Add(at, each)
	}
	if len(out) == 0 {
		return cty.ListValEmpty(cty.String), nil
	}
	return cty.ListVal(out), nil
}

// offset is the n-th address after one.
func offset(from netip.Addr, n *big.Int) (netip.Addr, bool) {
	sum := new(big.Int).SetBytes(from.AsSlice())
	sum.Add(sum, n)
	if sum.Sign() < 0 || sum.BitLen() > from.BitLen() {
		return netip.Addr{}, false
	}
	return netip.AddrFromSlice(sum.FillBytes(make([]byte, from.BitLen()/8)))
}
