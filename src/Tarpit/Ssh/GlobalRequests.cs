using System.Security.Cryptography;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>Requests of a connection that belong to no channel (RFC 4254 §4, §7.1; OpenSSH's PROTOCOL).</summary>
internal sealed class GlobalRequests(SshSession session)
{
    private const int MostListens = 64;
    private const int MostKeys = 8;
    private const int FirstFreePort = 32768;
    private const int LastFreePort = 60999;

    // Nothing listens in truth.
    private readonly HashSet<(string Host, uint Port)> _listens = [];

    /// <summary>The client promised to open no more sessions; none is opened.</summary>
    public bool NoMoreSessions { get; private set; }

    public void Handle(ReadOnlySpan<byte> payload)
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
                NoMoreSessions = true;
                success = new SshWriter(SshMessage.RequestSuccess);
                break;
            case "hostkeys-prove-00@openssh.com":
                success = ProveKeys(ref reader);
                break;
        }

        if (wantsReply)
        {
            session.Transport.Send(success ?? new SshWriter(SshMessage.RequestFailure));
        }
    }

    private SshWriter? Forward(string name, ref SshReader reader)
    {
        string host = reader.Text();
        uint port = reader.UInt32();
        if (reader.Failed || port > ushort.MaxValue)
        {
            return null;
        }

        session.Log.Record(new Observation(ObservationKinds.Forward) { Name = name, Host = host, Port = (int)port });
        if (name.StartsWith("cancel", StringComparison.Ordinal))
        {
            return _listens.Remove((host, port)) ? new SshWriter(SshMessage.RequestSuccess) : null;
        }

        uint chosen = port != 0 ? port : (uint)RandomNumberGenerator.GetInt32(FirstFreePort, LastFreePort);
        if (_listens.Count >= MostListens || !_listens.Add((host, chosen)))
        {
            return null;
        }

        SshWriter success = new(SshMessage.RequestSuccess);
        return port == 0 ? success.UInt32(chosen) : success;
    }

    // PROTOCOL §2.5: a client that learns a key wants it proven.
    private SshWriter? ProveKeys(ref SshReader reader)
    {
        SshWriter success = new(SshMessage.RequestSuccess, 1024);
        for (int i = 0; i < MostKeys && reader.Remaining > 0; i++)
        {
            ReadOnlySpan<byte> key = reader.Bytes();
            if (FindAlgorithm(key) is not { } algorithm)
            {
                return null;
            }

            byte[] proven = new SshWriter(1024).Text("hostkeys-prove-00@openssh.com").Bytes(session.Transport.SessionId).Bytes(key).ToArray();
            success.Bytes(session.Server.HostKeys.Sign(algorithm, proven));
        }

        return reader.Failed ? null : success;
    }

    // Null: it is none of our keys.
    private string? FindAlgorithm(ReadOnlySpan<byte> key)
    {
        string agreed = session.Transport.Agreed!.HostKey;
        return key.SequenceEqual(session.Server.HostKeys.Ed25519) ? "ssh-ed25519"
            : key.SequenceEqual(session.Server.HostKeys.Ecdsa) ? "ecdsa-sha2-nistp256"
            : key.SequenceEqual(session.Server.HostKeys.Rsa) ? agreed.StartsWith("rsa", StringComparison.Ordinal) ? agreed : "rsa-sha2-512"
            : null;
    }
}
