using System.Buffers.Binary;
using System.Text;

namespace Blackwall.Tests.Abi;

/// <summary>Structs and enums out of a .BTF section (kernel documentation, bpf/btf.rst).</summary>
internal sealed class BtfTypes
{
    private readonly List<Entry> _entries = [new(Kind.Void, "", 0, 0, 0, [])];

    public BtfTypes(byte[] section)
    {
        ReadOnlySpan<byte> data = section;
        if (U16(data, 0) != 0xeb9f)
        {
            throw new InvalidDataException("Not a little-endian .BTF section.");
        }

        int header = (int)U32(data, 4);
        ReadOnlySpan<byte> types = data.Slice(header + (int)U32(data, 8), (int)U32(data, 12));
        ReadOnlySpan<byte> strings = data.Slice(header + (int)U32(data, 16), (int)U32(data, 20));
        while (!types.IsEmpty)
        {
            types = types[Read(types, strings)..];
        }
    }

    private enum Kind
    {
        Void = 0,
        Int = 1,
        Pointer,
        Array,
        Struct,
        Union,
        Enum,
        Forward,
        Typedef,
        Volatile,
        Const,
        Restrict,
        Function,
        Prototype,
        Variable,
        DataSection,
        Float,
        DeclarationTag,
        TypeTag,
        Enum64,
    }

    public IEnumerable<string> StructNames => _entries.Where(e => e.Kind == Kind.Struct && e.Name.Length > 0).Select(e => e.Name);

    public BtfStruct? Struct(string name)
    {
        Entry? entry = _entries.Find(e => e.Kind == Kind.Struct && string.Equals(e.Name, name, StringComparison.Ordinal));
        return entry == null
            ? null
            : new BtfStruct(name, (int)entry.SizeOrType, [.. entry.Members.Select(m => new BtfField(m.Name, m.Value / 8, SizeOf(m.Type), NameOf(m.Type)))]);
    }

    public IReadOnlyList<(string Name, long Value)>? Enum(string name) => _entries
        .Find(e => e.Kind == Kind.Enum && string.Equals(e.Name, name, StringComparison.Ordinal))?
        .Members.ConvertAll(m => (m.Name, (long)m.Value));

    private int SizeOf(uint type)
    {
        Entry entry = _entries[(int)type];
        return entry.Kind switch
        {
            Kind.Int or Kind.Struct or Kind.Union or Kind.Enum or Kind.Float or Kind.Enum64 => (int)entry.SizeOrType,
            Kind.Typedef or Kind.Volatile or Kind.Const or Kind.Restrict or Kind.TypeTag => SizeOf(entry.SizeOrType),
            Kind.Array => (int)entry.Count * SizeOf(entry.Element),
            Kind.Pointer => 8,
            _ => 0,
        };
    }

    private string NameOf(uint type)
    {
        Entry entry = _entries[(int)type];
        return entry.Kind == Kind.Array ? NameOf(entry.Element) + "[]" : entry.Name;
    }

    private int Read(ReadOnlySpan<byte> at, ReadOnlySpan<byte> strings)
    {
        string name = Text(strings, U32(at, 0));
        uint info = U32(at, 4);
        uint sizeOrType = U32(at, 8);
        var kind = (Kind)((info >> 24) & 0x1f);
        int count = (int)(info & 0xffff);
        bool bitfields = info >> 31 != 0;
        List<Member> members = [];
        uint element = 0, elements = 0;
        int length = 12;
        switch (kind)
        {
            case Kind.Int or Kind.Variable or Kind.DeclarationTag:
                length += 4;
                break;
            case Kind.Array:
                element = U32(at, 12);
                elements = U32(at, 20);
                length += 12;
                break;
            case Kind.Struct or Kind.Union:
                for (int i = 0; i < count; i++, length += 12)
                {
                    uint offset = U32(at, length + 8);
                    members.Add(new Member(Text(strings, U32(at, length)), U32(at, length + 4), (int)(bitfields ? offset & 0xffffff : offset)));
                }

                break;
            case Kind.Enum:
                for (int i = 0; i < count; i++, length += 8)
                {
                    members.Add(new Member(Text(strings, U32(at, length)), 0, (int)U32(at, length + 4)));
                }

                break;
            case Kind.Prototype:
                length += 8 * count;
                break;
            case Kind.DataSection or Kind.Enum64:
                length += 12 * count;
                break;
            default:
                break;
        }

        _entries.Add(new Entry(kind, name, sizeOrType, element, elements, members));
        return length;
    }

    private static string Text(ReadOnlySpan<byte> strings, uint offset)
    {
        ReadOnlySpan<byte> text = strings[(int)offset..];
        return Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]);
    }

    private static uint U32(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(data[offset..]);

    private static ushort U16(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(data[offset..]);

    private sealed record Entry(Kind Kind, string Name, uint SizeOrType, uint Element, uint Count, List<Member> Members);

    private readonly record struct Member(string Name, uint Type, int Value);
}
