namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>Encrypts or decrypts the packets of one direction (RFC 4253 §6). Not thread-safe.</summary>
internal abstract class PacketSeal : IDisposable
{
    /// <summary>What the padded part is a multiple of.</summary>
    public abstract int BlockLength { get; }

    /// <summary>Bytes behind the packet: MAC or tag.</summary>
    public abstract int TagLength { get; }

    /// <summary>The length field is not part of what is padded (AEAD, encrypt-then-MAC).</summary>
    public abstract bool LengthAside { get; }

    /// <summary>Bytes that must be there before the length can be known.</summary>
    public int HeadLength => LengthAside ? sizeof(uint) : BlockLength;

    /// <summary>Packets after which keys must be changed; OpenSSH's rule from the block length.</summary>
    public virtual long MaxBlocks => long.MaxValue;

    /// <summary>Bytes of the packet behind the length field, without the tag. May decrypt the head in place; called once a packet.</summary>
    public abstract uint ReadLength(uint sequence, Span<byte> head);

    /// <summary>Decrypts a packet in place: length field, body, tag. False: the tag is wrong.</summary>
    public abstract bool Open(uint sequence, Span<byte> packet);

    /// <summary>Encrypts a packet in place and writes the tag behind it.</summary>
    public abstract void Seal(uint sequence, Span<byte> packet);

    public void Dispose() => Release();

    /// <summary>Gives back what it holds.</summary>
    protected virtual void Release()
    {
        // The plain seal holds nothing.
    }
}
