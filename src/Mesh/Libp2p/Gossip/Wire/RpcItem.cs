namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>A part of an RPC that waits to be sent.</summary>
/// <param name="Topic">Of subscriptions, IHAVE, GRAFT and PRUNE.</param>
/// <param name="Body">The message.</param>
/// <param name="Ids">Of IHAVE, IWANT and IDONTWANT.</param>
/// <param name="Backoff">Of PRUNE, in seconds; 0: not said.</param>
/// <param name="Peers">Of PRUNE: peers offered, each as protobuf (id, signed record).</param>
internal readonly record struct RpcItem(
    RpcItemKind Kind,
    ReadOnlyMemory<byte> Topic = default,
    ReadOnlyMemory<byte> Body = default,
    ReadOnlyMemory<MessageId> Ids = default,
    ulong Backoff = 0,
    IReadOnlyList<ReadOnlyMemory<byte>>? Peers = null)
{
    private const int SubscribeField = 1;
    private const int TopicField = 2;
    private const int PruneTopic = 1;
    private const int PrunePeers = 2;
    private const int PruneBackoff = 3;

    /// <summary>The item's field within the control message; 0: it is none.</summary>
    private int ControlField => Kind switch
    {
        RpcItemKind.IHave => 1,
        RpcItemKind.IWant => 2,
        RpcItemKind.Graft => 3,
        RpcItemKind.Prune => 4,
        RpcItemKind.IDontWant => 5,
        _ => 0,
    };

    /// <summary>Goes into the RPC's one control message.</summary>
    public bool IsControl => ControlField != 0;

    /// <summary>In bytes, with tag and length.</summary>
    public int Size => ProtoWriter.BytesSize(BodySize);

    private int BodySize
    {
        get
        {
            int size = Kind switch
            {
                RpcItemKind.Message => Body.Length,
                RpcItemKind.Subscribe or RpcItemKind.Unsubscribe => ProtoWriter.NumberSize(1) + ProtoWriter.BytesSize(Topic.Length),
                RpcItemKind.IHave or RpcItemKind.Graft or RpcItemKind.Prune => ProtoWriter.BytesSize(Topic.Length),
                _ => 0,
            };
            foreach (MessageId id in Ids.Span)
            {
                size += ProtoWriter.BytesSize(id.Length);
            }

            foreach (ReadOnlyMemory<byte> peer in Peers ?? [])
            {
                size += ProtoWriter.BytesSize(peer.Length);
            }

            return size + (Backoff == 0 ? 0 : ProtoWriter.NumberSize(Backoff));
        }
    }

    /// <summary>Writes the item into an RPC, or into its control message.</summary>
    public void WriteTo(ref ProtoWriter writer)
    {
        writer.Begin(IsControl ? ControlField : Kind is RpcItemKind.Message ? 2 : 1, BodySize);
        switch (Kind)
        {
            case RpcItemKind.Message:
                writer.Raw(Body.Span);
                break;
            case RpcItemKind.Subscribe or RpcItemKind.Unsubscribe:
                writer.Number(SubscribeField, Kind is RpcItemKind.Subscribe ? 1u : 0u);
                writer.Bytes(TopicField, Topic.Span);
                break;
            case RpcItemKind.IHave:
                writer.Bytes(1, Topic.Span);
                WriteIds(ref writer, 2);
                break;
            case RpcItemKind.IWant or RpcItemKind.IDontWant:
                WriteIds(ref writer, 1);
                break;
            case RpcItemKind.Graft:
                writer.Bytes(1, Topic.Span);
                break;
            case RpcItemKind.Prune:
                WritePrune(ref writer);
                break;
        }
    }

    private void WriteIds(ref ProtoWriter writer, int field)
    {
        foreach (MessageId id in Ids.Span)
        {
            writer.Id(field, in id);
        }
    }

    private void WritePrune(ref ProtoWriter writer)
    {
        writer.Bytes(PruneTopic, Topic.Span);
        foreach (ReadOnlyMemory<byte> peer in Peers ?? [])
        {
            writer.Bytes(PrunePeers, peer.Span);
        }

        if (Backoff != 0)
        {
            writer.Number(PruneBackoff, Backoff);
        }
    }
}
