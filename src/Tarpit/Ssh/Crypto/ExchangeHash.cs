using System.Security.Cryptography;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>What both sides saw of a key exchange, as it is hashed and signed (RFC 4253 §8, RFC 4419 §3).</summary>
internal readonly ref struct ExchangeHash
{
    public required ReadOnlySpan<byte> ClientVersion { get; init; }

    public required string ServerVersion { get; init; }

    public required ReadOnlySpan<byte> ClientOffer { get; init; }

    public required ReadOnlySpan<byte> ServerOffer { get; init; }

    public required ReadOnlySpan<byte> HostKey { get; init; }

    /// <summary>Of a group exchange; null: the group is known by its name.</summary>
    public GroupChoice? Group { get; init; }

    public required ReadOnlySpan<byte> ClientValue { get; init; }

    public required ReadOnlySpan<byte> ServerValue { get; init; }

    /// <summary>The shared secret, encoded as the exchange has it.</summary>
    public required ReadOnlySpan<byte> Secret { get; init; }

    public byte[] Compute(KeyExchange exchange)
    {
        SshWriter transcript = new SshWriter(4096).Bytes(ClientVersion).Text(ServerVersion).Bytes(ClientOffer).Bytes(ServerOffer).Bytes(HostKey);
        if (Group is { } group)
        {
            transcript.UInt32(group.Min).UInt32(group.Wanted).UInt32(group.Max)
                .MpInt(group.Group.Prime.ToByteArrayUnsigned()).MpInt(group.Group.Generator.ToByteArrayUnsigned());
        }

        _ = exchange.ValuesAreNumbers ? transcript.MpInt(ClientValue).MpInt(ServerValue) : transcript.Bytes(ClientValue).Bytes(ServerValue);
        transcript.Raw(Secret);
        return exchange.Hash == HashAlgorithmName.SHA512 ? SHA512.HashData(transcript.Written)
            : exchange.Hash == HashAlgorithmName.SHA384 ? SHA384.HashData(transcript.Written)
            : SHA256.HashData(transcript.Written);
    }
}
