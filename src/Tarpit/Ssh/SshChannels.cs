using System.Buffers.Binary;
using System.Collections.Concurrent;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>The channels of one connection (RFC 4254 §5): opens them, and gives each message to its channel. Called by the connection's reader.</summary>
internal sealed class SshChannels(SshSession session)
{
    private const uint OpenFailed = 2;

    private readonly Dictionary<uint, SshChannel> _open = [];

    // Closed by both sides, by the reader or by a program that ended: their numbers become free before the next message.
    private readonly ConcurrentQueue<SshChannel> _closed = new();
    private readonly GlobalRequests _requests = new(session);

    public async ValueTask HandleAsync(SshMessage message, ReadOnlyMemory<byte> payload)
    {
        RemoveClosed();
        switch (message)
        {
            case SshMessage.GlobalRequest:
                _requests.Handle(payload.Span);
                return;
            case SshMessage.ChannelOpen:
                Open(payload.Span);
                return;
            case SshMessage.RequestSuccess or SshMessage.RequestFailure or SshMessage.ChannelOpenConfirmation or SshMessage.ChannelOpenFailure
                or SshMessage.ChannelSuccess or SshMessage.ChannelFailure:
                // Answers to what we never asked; a real server ignores them too.
                return;
        }

        uint id = ReadNumber(payload.Span, 1);
        if (_open.TryGetValue(id, out SshChannel? channel))
        {
            await HandleAsync(channel, message, payload);
        }
        else if (message is not SshMessage.ChannelWindowAdjust)
        {
            await session.Transport.DisconnectAsync(message switch
            {
                SshMessage.ChannelData => $"data packet referred to nonexistent channel {id}",
                SshMessage.ChannelExtendedData => $"ext data packet referred to nonexistent channel {id}",
                SshMessage.ChannelEof => $"ieof packet referred to nonexistent channel {id}",
                SshMessage.ChannelClose => $"rcvd oclose packet referred to nonexistent channel {id}",
                _ => $"server_input_channel_req: channel {id}: unknown channel",
            });
        }
    }

    /// <summary>Ends all programs.</summary>
    public async Task EndAsync()
    {
        foreach (SshChannel channel in _open.Values.ToArray())
        {
            await channel.EndAsync();
        }

        session.Host.CloseAgent();
    }

    private static async ValueTask HandleAsync(SshChannel channel, SshMessage message, ReadOnlyMemory<byte> payload)
    {
        switch (message)
        {
            case SshMessage.ChannelWindowAdjust:
                channel.Window.Widen(ReadNumber(payload.Span, 5));
                break;
            case SshMessage.ChannelData:
                await channel.HandleDataAsync(payload[5..]);
                break;
            case SshMessage.ChannelEof:
                channel.HandleEof();
                break;
            case SshMessage.ChannelClose:
                channel.HandleClose();
                break;
            case SshMessage.ChannelRequest:
                ChannelRequests.Handle(channel.Session, channel, payload.Span[5..]);
                break;
        }
    }

    private void Open(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        string type = reader.Text();
        ChannelAddress address = new(NextId(), Theirs: reader.UInt32(), Window: reader.UInt32(), LargestPacket: reader.UInt32());
        if (reader.Failed)
        {
            throw new SshEndException("incomplete channel open");
        }

        SshChannel? opened = null;
        string refusal = "open failed";
        if (_open.Count < session.Server.Settings.MaxChannels)
        {
            switch (type)
            {
                case "session" when !_requests.NoMoreSessions && _open.Values.Count(channel => channel.IsSession) < session.Server.Settings.MaxSessions:
                    opened = new SshChannel(session, address, _closed.Enqueue, isSession: true);
                    break;
                case "direct-tcpip":
                    string host = reader.Text();
                    uint port = reader.UInt32();
                    if (!reader.Failed)
                    {
                        session.Log.Record(new Observation(ObservationKinds.Forward) { Name = type, Host = host, Port = (int)Math.Min(port, ushort.MaxValue) });
                        refusal = Forwards.IsLocal(host) ? "Connection refused" : "Connection timed out";
                        opened = Forward(address, host, port);
                    }

                    break;
            }
        }

        if (opened is null)
        {
            session.Transport.Send(new SshWriter(SshMessage.ChannelOpenFailure).UInt32(address.Theirs).UInt32(OpenFailed).Text(refusal).Text(""));
            return;
        }

        _open.Add(opened.Id, opened);
        opened.Confirm();
    }

    private SshChannel? Forward(ChannelAddress address, string host, uint port)
    {
        if (Forwards.FindEndpoint(host, port) is not { } endpoint)
        {
            return null;
        }

        SshChannel channel = new(session, address, _closed.Enqueue, isSession: false);
        channel.RunWhenConfirmed((io, log, cancellation) => endpoint(io, log, host, (int)port, cancellation));
        return channel;
    }

    // As OpenSSH: the lowest number that is free.
    private uint NextId()
    {
        uint id = 0;
        while (_open.ContainsKey(id))
        {
            id++;
        }

        return id;
    }

    private void RemoveClosed()
    {
        for (int i = _closed.Count; i > 0 && _closed.TryDequeue(out SshChannel? channel); i--)
        {
            if (channel.IsClosedByBoth)
            {
                _open.Remove(channel.Id);
            }
        }
    }

    private static uint ReadNumber(ReadOnlySpan<byte> payload, int at) =>
        payload.Length < at + sizeof(uint) ? throw new SshEndException("incomplete message") : BinaryPrimitives.ReadUInt32BigEndian(payload[at..]);
}
