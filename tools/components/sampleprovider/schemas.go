package main

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	dschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/mapdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/numberdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/setdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// resourceSchema makes the framework's schema of fields.
func resourceSchema(fields []*field) (map[string]schema.Attribute, map[string]schema.Block) {
	attributes, blocks := map[string]schema.Attribute{}, map[string]schema.Block{}
	for _, f := range fields {
		switch f.typ {
		case "listblock":
			a, b := resourceSchema(f.fields)
			blocks[f.name] = schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: a, Blocks: b}}
		case "setblock":
			a, b := resourceSchema(f.fields)
			blocks[f.name] = schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: a, Blocks: b}}
		default:
			attributes[f.name] = resourceAttribute(f)
		}
	}
	return attributes, blocks
}

func resourceAttribute(f *field) schema.Attribute {
	optional := !f.required
	switch f.typ {
	case "bool":
		a := schema.BoolAttribute{Required: f.required, Optional: optional, Computed: f.computed, Sensitive: f.sensitive}
		if f.hasDefault {
			a.Default = booldefault.StaticBool(f.fallback == "true")
		}
		return a
	case "number":
		a := schema.NumberAttribute{Required: f.required, Optional: optional, Computed: f.computed, Sensitive: f.sensitive}
		if f.hasDefault {
			n, _ := new(big.Float).SetString(f.fallback)
			a.Default = numberdefault.StaticBigFloat(n)
		}
		return a
	case "list":
		a := schema.ListAttribute{ElementType: types.StringType, Required: f.required, Optional: optional, Computed: f.computed, Sensitive: f.sensitive}
		if f.hasDefault {
			a.Default = listdefault.StaticValue(types.ListValueMust(types.StringType, []attr.Value{}))
		}
		return a
	case "set":
		a := schema.SetAttribute{ElementType: types.StringType, Required: f.required, Optional: optional, Computed: f.computed, Sensitive: f.sensitive}
		if f.hasDefault {
			a.Default = setdefault.StaticValue(types.SetValueMust(types.StringType, []attr.Value{}))
		}
		return a
	case "map":
		a := schema.MapAttribute{ElementType: types.StringType, Required: f.required, Optional: optional, Computed: f.computed, Sensitive: f.sensitive}
		if f.hasDefault {
			a.Default = mapdefault.StaticValue(types.MapValueMust(types.StringType, map[string]attr.Value{}))
		}
		return a
	default:
		return stringAttribute(f, optional)
	}
}

func stringAttribute(f *field, optional bool) schema.Attribute {
	a := schema.StringAttribute{Required: f.required, Optional: optional, Computed: f.computed, Sensitive: f.sensitive}
	switch {
	case f.hasDefault:
		a.Default = stringdefault.StaticString(f.fallback)
	case f.computed:
		a.PlanModifiers = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	}
	return a
}

// dataSchema makes the schema of a data source: all texts.
func dataSchema(fields []*field) map[string]dschema.Attribute {
	attributes := map[string]dschema.Attribute{}
	for _, f := range fields {
		attributes[f.name] = dschema.StringAttribute{Optional: !f.required, Required: f.required, Computed: !f.required, Sensitive: f.sensitive}
	}
	return attributes
}
