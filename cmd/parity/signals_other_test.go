//go:build !unix

package main

func runAsProgram() {}
