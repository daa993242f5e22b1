using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Sftp.Wire;

/// <summary>Attributes of a file as they travel.</summary>
/// <param name="Mode">Permission bits; null: not told.</param>
internal readonly record struct SftpAttributes(ulong? Size, int? User, int? Group, int? Mode, uint? Modified)
{
    private const uint HasSize = 1, HasOwner = 2, HasMode = 4, HasTimes = 8, HasExtended = 0x80000000;

    public static SftpAttributes Read(ref SshReader reader)
    {
        uint flags = reader.UInt32();
        ulong? size = (flags & HasSize) != 0 ? reader.UInt64() : null;
        (int? user, int? group) = (flags & HasOwner) != 0 ? ((int?)reader.UInt32(), (int?)reader.UInt32()) : (null, null);
        int? mode = (flags & HasMode) != 0 ? (int)(reader.UInt32() & 0xFFF) : null;
        uint? modified = null;
        if ((flags & HasTimes) != 0)
        {
            reader.UInt32();
            modified = reader.UInt32();
        }

        if ((flags & HasExtended) != 0)
        {
            uint count = reader.UInt32();
            for (uint i = 0; i < count && !reader.Failed; i++)
            {
                reader.Bytes();
                reader.Bytes();
            }
        }

        return new SftpAttributes(size, user, group, mode, modified);
    }

    public static void Write(SshWriter writer, Node node)
    {
        uint type = node switch { FolderNode => 0x4000, LinkNode => 0xA000, DeviceNode => 0x2000, SocketNode => 0xC000, _ => 0x8000u };
        ulong size = node switch { FileNode file => (ulong)file.Content.Size, LinkNode link => (ulong)link.Target.Length, FolderNode => 4096, _ => 0 };
        uint time = (uint)Math.Clamp(node.Modified.ToUnixTimeSeconds(), 0, uint.MaxValue);
        writer.UInt32(HasSize | HasOwner | HasMode | HasTimes).UInt64(size).UInt32((uint)node.User).UInt32((uint)node.Group).UInt32(type | (uint)node.Mode).UInt32(time).UInt32(time);
    }
}
