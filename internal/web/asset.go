package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	pictures "github.com/deskbell/deskbell/assets"
)

//go:generate ./vendor.sh

//go:embed assets
var assetFiles embed.FS

// assets are style sheets, scripts and pictures, by the name under which they
// are served: it has the hash of the content, so that a new program never meets
// an old asset in a browser.
type assets struct {
	served map[string]asset
	hashed map[string]string // by the name in the source
	// version is another one when any asset is: a page that stays open for months
	// loads itself again then.
	version string
}

type asset struct {
	kind string
	data []byte
}

func readAssets() (*assets, error) {
	a := &assets{served: map[string]asset{}, hashed: map[string]string{}}
	a.add("icon.png", pictures.AppIconSmall())
	err := fs.WalkDir(assetFiles, "assets", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".css") && !strings.HasSuffix(name, ".js") {
			return err
		}
		data, err := assetFiles.ReadFile(name)
		a.add(path.Base(name), data)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the assets of the pages: %w", err)
	}
	names := strings.Join(slices.Sorted(maps.Keys(a.served)), " ")
	a.version = hash([]byte(names))
	return a, nil
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:6])
}

func (a *assets) add(name string, data []byte) {
	ext := path.Ext(name)
	served := strings.TrimSuffix(name, ext) + "." + hash(data) + ext
	a.served[served] = asset{kind: mime.TypeByExtension(ext), data: data}
	a.hashed[name] = served
}

// address is where an asset of the source is served.
func (a *assets) address(name string) (string, error) {
	served, ok := a.hashed[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %s", name)
	}
	return "/assets/" + served, nil
}

func (a *assets) serve(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	one, ok := a.served[r.PathValue("name")]
	if !ok {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "There is no such file: load the page again.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", one.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(one.data) // a reader who has gone needs nothing
}
