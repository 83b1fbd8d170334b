package cloud

import "strings"

// Place is where an attribute is told besides its own path.
type Place struct {
	// Kind is the kind of the subjects; empty is the resource itself.
	Kind string
	Path string
}

// Elsewhere gives the places at which facts are missing where an attribute of a
// type is not known: what permissions, rules and functions are told in.
func Elsewhere(kind, attribute string) []Place {
	switch {
	case kind == "aws_security_group" || kind == "aws_default_security_group" || kind == "aws_network_acl" || kind == "aws_default_network_acl":
		return when(attribute == "ingress" || attribute == "egress", Place{"", "/network"})
	case kind == "azurerm_network_security_group":
		return when(attribute == "security_rule", Place{"", "/network"})
	case kind == "google_compute_firewall":
		return when(attribute == "allow" || attribute == "deny" || strings.HasPrefix(attribute, "source_") || strings.HasPrefix(attribute, "destination_"), Place{"", "/network"})
	case kind == "aws_security_group_rule" || strings.HasPrefix(kind, "aws_vpc_security_group_"):
		return []Place{{"aws_security_group", "/network"}, {"", "/network"}}
	case kind == "aws_network_acl_rule":
		return []Place{{"aws_network_acl", "/network"}, {"", "/network"}}
	case kind == "azurerm_network_security_rule":
		return []Place{{"azurerm_network_security_group", "/network"}, {"", "/network"}}
	case strings.HasPrefix(kind, "google_") && strings.Contains(kind, "_iam_"):
		base := kind[:strings.LastIndex(kind, "_iam_")]
		return []Place{{base + "_iam", ""}, {base, "/iam"}}
	case kind == "azurerm_role_assignment":
		return []Place{{"", "/assignment"}}
	case kind == "aws_lambda_provisioned_concurrency_config":
		return []Place{{"aws_lambda_function", "/function/provisionedCapacity"}}
	case kind == "aws_lambda_event_source_mapping" || kind == "aws_cloudwatch_event_target" || kind == "aws_lambda_permission":
		return []Place{{"aws_lambda_function", "/function/triggers"}}
	}
	var places []Place
	for _, s := range shapes[kind] {
		if s.from[0] == attribute {
			places = append(places, Place{"", "/function/" + s.name})
		}
	}
	for _, list := range variableLists[kind] {
		if list[0] == attribute {
			places = append(places, Place{"", "/function/env"})
		}
	}
	return places
}

func when(yes bool, p Place) []Place {
	if !yes {
		return nil
	}
	return []Place{p}
}
