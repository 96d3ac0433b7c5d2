# The two commands of the README are `make demo` and `make test`.
GO   ?= go
TAGS := migrated_fynedo

.PHONY: demo test test-windows build hub app windows fuzz bench clean

## demo: hub, fake Vidaoo, website and tray app; one call, played through if there is no screen
demo:
	.ci/demo

## test: set up and run all checks and tests
test:
	.ci/test

## test-windows: drive the Windows build under Wine on a virtual desktop
test-windows:
	.ci/test-windows

build: hub app

hub:
	CGO_ENABLED=0 $(GO) build -trimpath -o build/deskbell-hub ./cmd/deskbell-hub

app:
	$(GO) build -tags $(TAGS) -o build/deskbell ./cmd/deskbell

windows:
	.ci/windows build

## fuzz: every parser that reads the outside world, FUZZTIME each
FUZZTIME ?= 30s
FUZZ := FuzzDecodeRequest:./internal/wire FuzzDecode:./internal/wire FuzzParse:./internal/vidaoo \
	FuzzParseMapping:./internal/vidaoo FuzzHours:./internal/routing FuzzText:./internal/clean FuzzCheck:./internal/link FuzzNormalizeHub:./internal/agent FuzzWords:./notify FuzzWords:./internal/autostart FuzzDesktopFile:./internal/autostart FuzzPlist:./internal/autostart FuzzActivation:./notify FuzzRingToast:./notify FuzzParse:./internal/report
fuzz:
	for f in $(FUZZ); do $(GO) test -fuzz "^$${f%%:*}\$$" -fuzztime $(FUZZTIME) "$${f#*:}" || exit 1; done

bench:
	$(GO) test -run '^$$' -bench . ./internal/...

clean:
	rm -rf build
