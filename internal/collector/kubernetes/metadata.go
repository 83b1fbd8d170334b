package kubernetes

import (
	"bufio"
	"errors"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// protobufMagic begins every body in Kubernetes' protobuf form.
var protobufMagic = []byte("k8s\x00")

var errProtobuf = errors.New("the list's metadata cannot be read")

// The numbers of the fields that are read, from the published definitions of
// runtime.Unknown, PartialObjectMetadataList, ListMeta and ObjectMeta.
const (
	unknownRaw         = 2
	listMetadata       = 1
	listItems          = 2
	listContinue       = 3
	objectMetadata     = 1
	objectName         = 1
	objectNamespace    = 3
	objectUID          = 5
	objectResourceVers = 6
)

// objectMeta is what tells one object and its version from all others.
type objectMeta struct{ name, namespace, uid, version []byte }

// metadataList reads a PartialObjectMetadataList in its envelope, and of each
// object what tells it apart. It holds one object at a time.
func metadataList(in *bufio.Reader, note func(*objectMeta) error) (next string, err error) {
	if _, err := in.Discard(len(protobufMagic)); err != nil {
		return "", errProtobuf
	}
	found := false
	err = streamed(in, func(n protowire.Number, size uint64) error {
		if n != unknownRaw {
			return skip(in, size)
		}
		found = true
		rest := &io.LimitedReader{R: in, N: int64(min(size, maxPage))}
		list := bufio.NewReader(rest)
		err := streamed(list, func(n protowire.Number, size uint64) error {
			switch n {
			case listMetadata:
				b, err := whole(list, size)
				if err != nil {
					return err
				}
				return fields(b, func(n protowire.Number, b []byte) error {
					if n == listContinue {
						next = string(b)
					}
					return nil
				})
			case listItems:
				b, err := whole(list, size)
				if err != nil {
					return err
				}
				return metadataItem(b, note)
			}
			return skip(list, size)
		})
		if err == nil && rest.N > 0 {
			err = errBroken
		}
		return err
	})
	if err == nil && !found {
		err = errBroken
	}
	return next, err
}

// streamed gives each field of a message that holds bytes by its size; the
// function reads them.
func streamed(in *bufio.Reader, each func(n protowire.Number, size uint64) error) error {
	for {
		tag, err := varint(in)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return brokenProtobuf(err)
		}
		n, kind := protowire.DecodeTag(tag)
		switch {
		case n < protowire.MinValidNumber:
			return errProtobuf
		case kind == protowire.BytesType:
			size, err := varint(in)
			if err == nil {
				err = each(n, size)
			}
			if err != nil {
				return brokenProtobuf(err)
			}
		case kind == protowire.VarintType:
			_, err = varint(in)
		case kind == protowire.Fixed32Type:
			err = skip(in, 4)
		case kind == protowire.Fixed64Type:
			err = skip(in, 8)
		default:
			return errProtobuf
		}
		if err != nil {
			return brokenProtobuf(err)
		}
	}
}

// varint reads a number. Its error is io.EOF where there is nothing at all.
func varint(in io.ByteReader) (n uint64, err error) {
	for shift := 0; shift < 64; shift += 7 {
		b, err := in.ReadByte()
		if errors.Is(err, io.EOF) && shift > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, err
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n, nil
		}
	}
	return 0, errProtobuf
}

// whole reads the bytes of a field, which are no more than one object may have.
func whole(in io.Reader, size uint64) ([]byte, error) {
	if size > maxItem {
		return nil, errTooLarge
	}
	b := make([]byte, size)
	_, err := io.ReadFull(in, b)
	return b, err
}

// skip reads over bytes.
func skip(in io.Reader, size uint64) error {
	if size > maxPage {
		return errTooLarge
	}
	_, err := io.CopyN(io.Discard, in, int64(size))
	return err
}

// brokenProtobuf keeps errors of our own and of the connection; an end within a
// field is one of the connection.
func brokenProtobuf(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errBroken
	}
	return err
}

func metadataItem(item []byte, note func(*objectMeta) error) error {
	return fields(item, func(n protowire.Number, b []byte) error {
		if n != objectMetadata {
			return nil
		}
		var m objectMeta
		if err := fields(b, func(n protowire.Number, b []byte) error {
			switch n {
			case objectName:
				m.name = b
			case objectNamespace:
				m.namespace = b
			case objectUID:
				m.uid = b
			case objectResourceVers:
				m.version = b
			}
			return nil
		}); err != nil {
			return err
		}
		return note(&m)
	})
}

// fields gives each field of a message that holds bytes.
func fields(message []byte, each func(n protowire.Number, b []byte) error) error {
	for len(message) > 0 {
		n, kind, size := protowire.ConsumeTag(message)
		if size < 0 {
			return errProtobuf
		}
		message = message[size:]
		if kind != protowire.BytesType {
			if size = protowire.ConsumeFieldValue(n, kind, message); size < 0 {
				return errProtobuf
			}
			message = message[size:]
			continue
		}
		b, size := protowire.ConsumeBytes(message)
		if size < 0 {
			return errProtobuf
		}
		if err := each(n, b); err != nil {
			return err
		}
		message = message[size:]
	}
	return nil
}
