package main

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// policyDocument is aws_iam_policy_document: it writes statements as JSON.
type policyDocument struct{}

type documentModel struct {
	ID         types.String     `tfsdk:"id"`
	JSON       types.String     `tfsdk:"json"`
	Minified   types.String     `tfsdk:"minified_json"`
	Version    types.String     `tfsdk:"version"`
	Statements []statementModel `tfsdk:"statement"`
}

type statementModel struct {
	Sid          types.String     `tfsdk:"sid"`
	Effect       types.String     `tfsdk:"effect"`
	Actions      []string         `tfsdk:"actions"`
	NotActions   []string         `tfsdk:"not_actions"`
	Resources    []string         `tfsdk:"resources"`
	NotResources []string         `tfsdk:"not_resources"`
	Principals   []principalModel `tfsdk:"principals"`
	Conditions   []conditionModel `tfsdk:"condition"`
}

type principalModel struct {
	Type        types.String `tfsdk:"type"`
	Identifiers []string     `tfsdk:"identifiers"`
}

type conditionModel struct {
	Test     types.String `tfsdk:"test"`
	Variable types.String `tfsdk:"variable"`
	Values   []string     `tfsdk:"values"`
}

// Metadata names the data source.
func (*policyDocument) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aws_iam_policy_document"
}

// Schema gives its blocks.
func (*policyDocument) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	texts := schema.SetAttribute{ElementType: types.StringType, Optional: true}
	text := schema.StringAttribute{Optional: true}
	computed := schema.StringAttribute{Computed: true}
	resp.Schema = schema.Schema{
		Attributes: map[string]schema.Attribute{
			"id": computed, "json": computed, "minified_json": computed, "version": schema.StringAttribute{Optional: true, Computed: true},
		},
		Blocks: map[string]schema.Block{"statement": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{
			Attributes: map[string]schema.Attribute{
				"sid": text, "effect": text, "actions": texts, "not_actions": texts, "resources": texts, "not_resources": texts,
			},
			Blocks: map[string]schema.Block{
				"principals": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"type": text, "identifiers": texts,
				}}},
				"condition": schema.SetNestedBlock{NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"test": text, "variable": text, "values": schema.ListAttribute{ElementType: types.StringType, Optional: true},
				}}},
			},
		}}},
	}
}

// Read writes the document.
func (*policyDocument) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m documentModel
	if resp.Diagnostics.Append(req.Config.Get(ctx, &m)...); resp.Diagnostics.HasError() {
		return
	}
	if m.Version.ValueString() == "" {
		m.Version = types.StringValue("2012-10-17")
	}
	var statements []map[string]any
	for i := range m.Statements {
		if m.Statements[i].Effect.ValueString() == "" {
			m.Statements[i].Effect = types.StringValue("Allow")
		}
		statements = append(statements, m.Statements[i].write())
	}
	document := map[string]any{"Version": m.Version.ValueString(), "Statement": statements}
	long, err := json.MarshalIndent(document, "", "  ")
	short, _ := json.Marshal(document)
	if err != nil {
		resp.Diagnostics.AddError("the document cannot be written", err.Error())
		return
	}
	m.ID, m.JSON, m.Minified = types.StringValue("document"), types.StringValue(string(long)), types.StringValue(string(short))
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (s *statementModel) write() map[string]any {
	out := map[string]any{"Effect": s.Effect.ValueString()}
	if sid := s.Sid.ValueString(); sid != "" {
		out["Sid"] = sid
	}
	for name, list := range map[string][]string{"Action": s.Actions, "NotAction": s.NotActions, "Resource": s.Resources, "NotResource": s.NotResources} {
		if len(list) > 0 {
			out[name] = oneOrMany(list)
		}
	}
	principals := map[string]any{}
	for _, p := range s.Principals {
		if p.Type.ValueString() == "*" {
			out["Principal"] = "*"
			continue
		}
		principals[p.Type.ValueString()] = oneOrMany(p.Identifiers)
	}
	if len(principals) > 0 {
		out["Principal"] = principals
	}
	conditions := map[string]map[string]any{}
	for _, c := range s.Conditions {
		if conditions[c.Test.ValueString()] == nil {
			conditions[c.Test.ValueString()] = map[string]any{}
		}
		conditions[c.Test.ValueString()][c.Variable.ValueString()] = oneOrMany(c.Values)
	}
	if len(conditions) > 0 {
		out["Condition"] = conditions
	}
	return out
}

func oneOrMany(list []string) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}
