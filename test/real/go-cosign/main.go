// Command go-cosign lets the Go libraries of the witness network (transparency-dev/formats, filippo.io/torchwood) speak
// about the cosignatures, policies and proof files that the log writes.
//
//	sign KIND NAME   makes a key (ed25519, cosignature or ml-dsa-44) and signs the text that it reads
//	open VKEY…       reads notes as JSON, one a line, and prints the names that signed each
//	prove            reads policies, leaf hashes and proof files as JSON lines and answers 1 or 0 for each
//	subtree VKEY     reads a statement about a subtree as JSON and answers 1 or 0
package main

import (
	"bufio"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/torchwood"
	fnote "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// each calls use for every JSON value of the input.
func each[T any](use func(T)) {
	decoder := json.NewDecoder(bufio.NewReader(os.Stdin))
	for {
		var value T
		err := decoder.Decode(&value)
		if err == io.EOF {
			return
		}
		fail(err)
		use(value)
	}
}

func makeSigner(kind, name string) (note.Signer, string) {
	if kind == "ml-dsa-44" {
		skey, vkey, err := fnote.GenerateMLDSAKey(name)
		fail(err)
		signer, err := fnote.NewMLDSASigner(skey)
		fail(err)
		return signer, vkey
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	fail(err)
	if kind == "ed25519" {
		signer, err := note.NewSigner(skey)
		fail(err)
		return signer, vkey
	}
	signer, err := fnote.NewSignerForCosignatureV1(skey)
	fail(err)
	vkey, err = fnote.VKeyToCosignatureV1(vkey)
	fail(err)
	return signer, vkey
}

func sign(kind, name string) {
	text, err := io.ReadAll(os.Stdin)
	fail(err)
	signer, vkey := makeSigner(kind, name)
	signed, err := note.Sign(&note.Note{Text: string(text)}, signer)
	fail(err)
	fmt.Printf("%s\n%s", vkey, signed)
}

func verifierOf(vkey string) note.Verifier {
	if verifier, err := note.NewVerifier(vkey); err == nil {
		return verifier
	}
	if verifier, err := fnote.NewVerifierForCosignatureV1(vkey); err == nil {
		return verifier
	}
	verifier, err := fnote.NewVerifier(vkey)
	fail(err)
	return verifier
}

func open(vkeys []string) {
	var known []note.Verifier
	for _, vkey := range vkeys {
		known = append(known, verifierOf(vkey))
	}
	each(func(text string) {
		opened, err := note.Open([]byte(text), note.VerifierList(known...))
		if err != nil {
			fmt.Println("refused")
			return
		}
		var names []string
		for _, signature := range opened.Sigs {
			names = append(names, fmt.Sprintf("%s+%08x", signature.Name, signature.Hash))
		}
		fmt.Println(strings.Join(names, " "))
	})
}

type claim struct {
	Policy, Proof string
	LeafHash      []byte
}

func prove() {
	each(func(next claim) {
		verdict := "0"
		policy, err := torchwood.ParsePolicy([]byte(next.Policy))
		if err == nil && torchwood.VerifyProof(policy, tlog.Hash(next.LeafHash), []byte(next.Proof)) == nil {
			verdict = "1"
		}
		fmt.Print(verdict)
	})
}

type statement struct {
	Origin          string
	Start, End      uint64
	Hash, Signature []byte
}

func subtree(vkey string) {
	verifier, err := fnote.NewMLDSAVerifier(vkey)
	fail(err)
	each(func(next statement) {
		if verifier.VerifySubtree(0, next.Origin, next.Start, next.End, next.Hash, next.Signature) {
			fmt.Print("1")
			return
		}
		fmt.Print("0")
	})
}

func main() {
	switch os.Args[1] {
	case "sign":
		sign(os.Args[2], os.Args[3])
	case "open":
		open(os.Args[2:])
	case "prove":
		prove()
	case "subtree":
		subtree(os.Args[2])
	default:
		os.Exit(2)
	}
}
