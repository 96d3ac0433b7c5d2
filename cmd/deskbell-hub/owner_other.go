//go:build !unix

package main

import "os"

// giveTo leaves a file to who wrote it.
func giveTo(*os.File, string) error { return nil }
