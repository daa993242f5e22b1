namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>Writes RPCs, each behind its length.</summary>
internal static class RpcWriter
{
    private const int ControlField = 3;

    /// <summary>Bytes of the RPC and the length before it.</summary>
    public static int Size(ReadOnlySpan<RpcItem> items)
    {
        int body = Body(items, out _);
        return ProtoWriter.VarintSize((ulong)body) + body;
    }

    /// <summary>Writes one RPC of all items and returns how many bytes it takes. All control goes into one message: js-libp2p heeds only the last.</summary>
    public static int Write(ReadOnlySpan<RpcItem> items, Span<byte> destination)
    {
        int body = Body(items, out int control);
        var writer = new ProtoWriter(destination);
        writer.Varint((ulong)body);
        foreach (RpcItem item in items)
        {
            if (!item.IsControl)
            {
                item.WriteTo(ref writer);
            }
        }

        if (control > 0)
        {
            writer.Begin(ControlField, control);
            foreach (RpcItem item in items)
            {
                if (item.IsControl)
                {
                    item.WriteTo(ref writer);
                }
            }
        }

        return writer.Length;
    }

    private static int Body(ReadOnlySpan<RpcItem> items, out int control)
    {
        int body = 0;
        control = 0;
        foreach (RpcItem item in items)
        {
            if (item.IsControl)
            {
                control += item.Size;
            }
            else
            {
                body += item.Size;
            }
        }

        return control > 0 ? body + ProtoWriter.BytesSize(control) : body;
    }
}
