using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>The connection protocol (RFC 4254).</summary>
internal sealed partial class SshConnection
{
    private const uint OpenFailed = 2;

    private readonly Dictionary<uint, SshChannel> _channels = [];
    private readonly HashSet<(string Host, uint Port)> _listens = [];
    private bool _noMoreSessions;

    private async Task ConverseAsync(SshMessage message, ReadOnlyMemory<byte> payload)
    {
        SweepChannels();
        switch (message)
        {
            case SshMessage.GlobalRequest:
                TakeGlobalRequest(payload.Span);
                return;
            case SshMessage.ChannelOpen:
                OpenChannel(payload.Span);
                return;
            case SshMessage.RequestSuccess or SshMessage.RequestFailure or SshMessage.ChannelOpenConfirmation or SshMessage.ChannelOpenFailure
                or SshMessage.ChannelSuccess or SshMessage.ChannelFailure:
                // Answers to what we never asked; a real server does not mind them either.
                return;
        }

        uint id = Number(payload.Span, 1);
        if (!_channels.TryGetValue(id, out SshChannel? channel))
        {
            string name = message switch
            {
                SshMessage.ChannelData => $"data packet referred to nonexistent channel {id}",
                SshMessage.ChannelExtendedData => $"ext data packet referred to nonexistent channel {id}",
                SshMessage.ChannelEof => $"ieof packet referred to nonexistent channel {id}",
                SshMessage.ChannelClose => $"rcvd oclose packet referred to nonexistent channel {id}",
                _ => "",
            };
            if (message is SshMessage.ChannelWindowAdjust)
            {
                return;
            }

            await _transport.DisconnectAsync(name.Length == 0 ? $"server_input_channel_req: channel {id}: unknown channel" : name);
        }

        switch (message)
        {
            case SshMessage.ChannelWindowAdjust:
                channel!.Widen(Number(payload.Span, 5));
                break;
            case SshMessage.ChannelData:
                await channel!.TakeDataAsync(payload[5..]);
                break;
            case SshMessage.ChannelEof:
                channel!.TakeEof();
                break;
            case SshMessage.ChannelClose:
                channel!.TakeClose();
                break;
            case SshMessage.ChannelRequest:
                channel!.TakeRequest(payload.Span[5..]);
                break;
        }
    }

    private void TakeGlobalRequest(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        string name = reader.Text();
        bool wantsReply = reader.Boolean();
        if (reader.Failed)
        {
            throw new SshEndException("incomplete global request");
        }

        SshWriter? success = null;
        switch (name)
        {
            case "tcpip-forward" or "cancel-tcpip-forward":
                success = Forward(name, ref reader);
                break;
            case "no-more-sessions@openssh.com":
                _noMoreSessions = true;
                success = new SshWriter(SshMessage.RequestSuccess);
                break;
            case "hostkeys-prove-00@openssh.com":
                success = ProveKeys(ref reader);
                break;
        }

        if (wantsReply)
        {
            _transport.Send(success ?? new SshWriter(SshMessage.RequestFailure));
        }
    }

    private SshWriter? Forward(string name, ref SshReader reader)
    {
        const int mostListens = 64;
        string host = reader.Text();
        uint port = reader.UInt32();
        if (reader.Failed || port > ushort.MaxValue)
        {
            return null;
        }

        _log.Record(new Observation(ObservationKinds.Forward) { Name = name, Host = host, Port = (int)port });
        if (name.StartsWith("cancel", StringComparison.Ordinal))
        {
            return _listens.Remove((host, port)) ? new SshWriter(SshMessage.RequestSuccess) : null;
        }

        // Ports below 1024 are for root, ours are all of one user anyway; nothing listens in truth.
        if (_listens.Count >= mostListens)
        {
            return null;
        }

        uint chosen = port != 0 ? port : (uint)System.Security.Cryptography.RandomNumberGenerator.GetInt32(32768, 60999);
        if (!_listens.Add((host, chosen)))
        {
            return null;
        }

        SshWriter success = new(SshMessage.RequestSuccess);
        return port == 0 ? success.UInt32(chosen) : success;
    }

    // PROTOCOL §2.5: a client that learns a key wants it proven.
    private SshWriter? ProveKeys(ref SshReader reader)
    {
        const int mostKeys = 8;
        SshWriter success = new(SshMessage.RequestSuccess, 1024);
        for (int i = 0; i < mostKeys && reader.Remaining > 0; i++)
        {
            ReadOnlySpan<byte> key = reader.Bytes();
            string? algorithm = key.SequenceEqual(_server.HostKeys.Ed25519) ? "ssh-ed25519"
                : key.SequenceEqual(_server.HostKeys.Ecdsa) ? "ecdsa-sha2-nistp256"
                : key.SequenceEqual(_server.HostKeys.Rsa) ? (_transport.Agreed!.HostKey.StartsWith("rsa", StringComparison.Ordinal) ? _transport.Agreed.HostKey : "rsa-sha2-512")
                : null;
            if (algorithm is null)
            {
                return null;
            }

            byte[] proven = new SshWriter(1024).Text("hostkeys-prove-00@openssh.com").Bytes(_transport.SessionId).Bytes(key).ToArray();
            success.Bytes(_server.HostKeys.Sign(algorithm, proven));
        }

        return reader.Failed ? null : success;
    }

    private void OpenChannel(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        string type = reader.Text();
        uint theirs = reader.UInt32(), window = reader.UInt32(), largest = reader.UInt32();
        if (reader.Failed)
        {
            throw new SshEndException("incomplete channel open");
        }

        int sessions = _channels.Values.Count(channel => channel.IsSession);
        SshChannel? opened = null;
        string refusal = "open failed";
        if (_channels.Count < _server.Settings.MaxChannels)
        {
            switch (type)
            {
                case "session" when !_noMoreSessions && sessions < _server.Settings.MaxSessions:
                    opened = new SshChannel(this, NextId(), theirs, window, largest, isSession: true);
                    break;
                case "direct-tcpip":
                    string host = reader.Text();
                    uint port = reader.UInt32();
                    if (!reader.Failed)
                    {
                        _log.Record(new Observation(ObservationKinds.Forward) { Name = type, Host = host, Port = (int)Math.Min(port, ushort.MaxValue) });
                        refusal = Refusal(host);
                        opened = ForwardTo(host, port, theirs, window, largest);
                    }

                    break;
            }
        }

        if (opened is null)
        {
            _transport.Send(new SshWriter(SshMessage.ChannelOpenFailure).UInt32(theirs).UInt32(OpenFailed).Text(refusal).Text(""));
            return;
        }

        _channels.Add(opened.Id, opened);
        opened.Confirm();
    }

    private SshChannel? ForwardTo(string host, uint port, uint theirs, uint window, uint largest)
    {
        if (Forwards.Fake(host, port) is not { } fake)
        {
            return null;
        }

        SshChannel channel = new(this, NextId(), theirs, window, largest, isSession: false);
        channel.Start((io, log, cancellation) => fake(io, log, host, (int)port, cancellation), sendStatus: false);
        return channel;
    }

    private static string Refusal(string host) => Forwards.IsLocal(host) ? "Connection refused" : "Connection timed out";

    // As OpenSSH: the lowest number that is free.
    private uint NextId()
    {
        uint id = 0;
        while (_channels.ContainsKey(id))
        {
            id++;
        }

        return id;
    }

    private async Task EndChannelsAsync()
    {
        foreach (SshChannel channel in _channels.Values.ToArray())
        {
            await channel.AbandonAsync();
        }
    }

    private static uint Number(ReadOnlySpan<byte> payload, int at)
    {
        if (payload.Length < at + sizeof(uint))
        {
            throw new SshEndException("incomplete message");
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(payload[at..]);
    }
}
