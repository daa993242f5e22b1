using System.Text.Unicode;

namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>
/// RPCs of gossipsub 1.0 to 1.2 (libp2p/specs pubsub). The whole RPC is checked before anything of it counts. Unknown fields
/// outside of messages are passed over, for later versions add some; in a message they are refused (see <see cref="MessageView"/>).
/// </summary>
internal static class RpcParser
{
    private const int SubscriptionsField = 1;
    private const int PublishField = 2;
    private const int ControlField = 3;

    private const int IHaveField = 1;
    private const int IWantField = 2;
    private const int GraftField = 3;
    private const int PruneField = 4;
    private const int IDontWantField = 5;

    private const int IHaveTopic = 1;
    private const int IHaveIds = 2;
    private const int IWantIds = 1;
    private const int IDontWantIds = 1;
    private const int GraftTopic = 1;
    private const int PruneTopic = 1;
    private const int PrunePeers = 2;
    private const int PruneBackoff = 3;

    /// <summary>Says what is wrong with an RPC, by one pass over it.</summary>
    public static RpcFault Check(ReadOnlySpan<byte> rpc, RpcLimits limits)
    {
        int subscriptions = 0;
        int messages = 0;
        int entries = 0;
        var reader = new ProtoReader(rpc);
        while (reader.Next())
        {
            if (reader.Field > ControlField)
            {
                continue;
            }

            if (reader.WireType != ProtoReader.BytesType)
            {
                return RpcFault.WrongType;
            }

            RpcFault fault = reader.Field switch
            {
                SubscriptionsField when ++subscriptions > limits.Subscriptions => RpcFault.TooManySubscriptions,
                SubscriptionsField => CheckSubscription(reader.Body, limits),
                PublishField when ++messages > limits.Messages => RpcFault.TooManyMessages,
                PublishField => !MessageView.TryRead(reader.Body, out MessageView message) ? RpcFault.BadMessage
                    : IsTopic(message.Topic, limits) ? RpcFault.None
                    : RpcFault.BadTopic,
                _ => CheckControl(reader.Body, ref entries, limits),
            };
            if (fault is not RpcFault.None)
            {
                return fault;
            }
        }

        return reader.Failed ? RpcFault.Malformed : RpcFault.None;
    }

    /// <summary>Tells a visitor of all that is in an RPC that <see cref="Check"/> found right.</summary>
    public static void Visit<TVisitor>(ReadOnlySpan<byte> rpc, TVisitor visitor)
        where TVisitor : IRpcVisitor
    {
        var reader = new ProtoReader(rpc);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case SubscriptionsField:
                    ReadSubscription(reader.Body, out bool subscribe, out ReadOnlySpan<byte> topic);
                    visitor.Subscription(topic, subscribe);
                    break;
                case PublishField when MessageView.TryRead(reader.Body, out MessageView message):
                    visitor.Message(in message);
                    break;
                case ControlField:
                    VisitControl(reader.Body, visitor);
                    break;
            }
        }
    }

    private static void VisitControl<TVisitor>(ReadOnlySpan<byte> control, TVisitor visitor)
        where TVisitor : IRpcVisitor
    {
        var reader = new ProtoReader(control);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case IHaveField:
                    visitor.IHave(Find(reader.Body, IHaveTopic), new IdSequence(reader.Body, IHaveIds));
                    break;
                case IWantField:
                    visitor.IWant(new IdSequence(reader.Body, IWantIds));
                    break;
                case GraftField:
                    visitor.Graft(Find(reader.Body, GraftTopic));
                    break;
                case PruneField:
                    visitor.Prune(Find(reader.Body, PruneTopic), FindNumber(reader.Body, PruneBackoff), new PeerOffers(reader.Body));
                    break;
                case IDontWantField:
                    visitor.IDontWant(new IdSequence(reader.Body, IDontWantIds));
                    break;
            }
        }
    }

    private static RpcFault CheckSubscription(ReadOnlySpan<byte> body, RpcLimits limits)
    {
        var reader = new ProtoReader(body);
        while (reader.Next())
        {
            if ((reader.Field == 1 && reader.WireType != ProtoReader.VarintType) || (reader.Field == 2 && reader.WireType != ProtoReader.BytesType))
            {
                return RpcFault.WrongType;
            }
        }

        ReadSubscription(body, out _, out ReadOnlySpan<byte> topic);
        return reader.Failed ? RpcFault.Malformed : IsTopic(topic, limits) ? RpcFault.None : RpcFault.BadTopic;
    }

    private static RpcFault CheckControl(ReadOnlySpan<byte> control, ref int entries, RpcLimits limits)
    {
        var reader = new ProtoReader(control);
        while (reader.Next())
        {
            if (reader.Field > IDontWantField)
            {
                continue;
            }

            RpcFault fault = reader.WireType != ProtoReader.BytesType ? RpcFault.WrongType
                : ++entries > limits.ControlEntries ? RpcFault.TooManyControlEntries
                : reader.Field switch
                {
                    IHaveField => CheckEntry(reader.Body, IHaveTopic, IHaveIds, 0, limits),
                    IWantField => CheckEntry(reader.Body, 0, IWantIds, 0, limits),
                    GraftField => CheckEntry(reader.Body, GraftTopic, 0, 0, limits),
                    PruneField => CheckEntry(reader.Body, PruneTopic, PrunePeers, PruneBackoff, limits),
                    _ => CheckEntry(reader.Body, 0, IDontWantIds, 0, limits),
                };
            if (fault is not RpcFault.None)
            {
                return fault;
            }
        }

        return reader.Failed ? RpcFault.Malformed : RpcFault.None;
    }

    // A control entry has at most a topic, a repeated field of bytes and a number; 0: it has not.
    private static RpcFault CheckEntry(ReadOnlySpan<byte> entry, int topicField, int repeatedField, int numberField, RpcLimits limits)
    {
        var reader = new ProtoReader(entry);
        ReadOnlySpan<byte> topic = default;
        while (reader.Next())
        {
            if (reader.Field == topicField)
            {
                topic = reader.WireType == ProtoReader.BytesType ? reader.Body : default;
            }

            if ((reader.Field == topicField || reader.Field == repeatedField) && reader.WireType != ProtoReader.BytesType)
            {
                return RpcFault.WrongType;
            }

            if (reader.Field == numberField && reader.WireType != ProtoReader.VarintType)
            {
                return RpcFault.WrongType;
            }
        }

        return reader.Failed ? RpcFault.Malformed
            : topicField == 0 || IsTopic(topic, limits) ? RpcFault.None
            : RpcFault.BadTopic;
    }

    private static bool IsTopic(ReadOnlySpan<byte> topic, RpcLimits limits) =>
        topic.Length > 0 && topic.Length <= limits.TopicBytes && Utf8.IsValid(topic);

    private static void ReadSubscription(ReadOnlySpan<byte> body, out bool subscribe, out ReadOnlySpan<byte> topic)
    {
        subscribe = false;
        topic = default;
        var reader = new ProtoReader(body);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                subscribe = reader.Number != 0;
            }
            else if (reader.Field == 2)
            {
                topic = reader.Body;
            }
        }
    }

    // Of a field that is there twice the last counts, as protobuf has it.
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> entry, int field)
    {
        ReadOnlySpan<byte> found = default;
        var reader = new ProtoReader(entry);
        while (reader.Next())
        {
            found = reader.Field == field ? reader.Body : found;
        }

        return found;
    }

    private static ulong FindNumber(ReadOnlySpan<byte> entry, int field)
    {
        ulong found = 0;
        var reader = new ProtoReader(entry);
        while (reader.Next())
        {
            found = reader.Field == field ? reader.Number : found;
        }

        return found;
    }
}
