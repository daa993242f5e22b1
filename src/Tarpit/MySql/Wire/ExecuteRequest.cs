using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.MySql.Wire;

/// <summary>Values of parameters in binary, as COM_STMT_EXECUTE and query attributes have them.</summary>
internal static class ExecuteRequest
{
    /// <summary>Reads the parameters behind the head of COM_STMT_EXECUTE.</summary>
    /// <param name="payload">Behind statement (4 bytes), flags (1) and iterations (4).</param>
    /// <param name="count">Parameters of the statement.</param>
    /// <param name="types">Types of an earlier execution; set when new ones come.</param>
    /// <returns>Null: it is malformed.</returns>
    public static object?[]? TryRead(ReadOnlySpan<byte> payload, int count, ref ushort[] types, bool hasNames)
    {
        if (count == 0)
        {
            return [];
        }

        MySqlReader reader = new(payload);
        if (hasNames && (int)Math.Min(reader.Number(), 65_535) != count)
        {
            return null;
        }

        ReadOnlySpan<byte> nulls = reader.Bytes((count + 7) / 8);
        if (reader.UInt8() == 1)
        {
            types = new ushort[count];
            for (int i = 0; i < count; i++)
            {
                types[i] = reader.UInt16();
                if (hasNames)
                {
                    reader.Counted();
                }
            }
        }

        if (reader.Failed || types.Length != count)
        {
            return null;
        }

        object?[] values = new object?[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = (nulls[i / 8] & (1 << (i % 8))) != 0 ? null : Value(ref reader, types[i]);
        }

        return reader.Failed ? null : values;
    }

    /// <summary>The text of COM_QUERY, behind the attributes that a client may set before it.</summary>
    public static ReadOnlySpan<byte> Query(ReadOnlySpan<byte> payload, bool hasAttributes, out bool isRight)
    {
        isRight = true;
        if (!hasAttributes)
        {
            return payload;
        }

        MySqlReader reader = new(payload);
        ulong count = reader.Number();
        reader.Number();
        if (count is > 0 and <= 256)
        {
            ReadOnlySpan<byte> nulls = reader.Bytes(((int)count + 7) / 8);
            reader.UInt8();
            Span<ushort> types = stackalloc ushort[(int)count];
            for (int i = 0; i < types.Length; i++)
            {
                types[i] = reader.UInt16();
                reader.Counted();
            }

            for (int i = 0; i < types.Length && !reader.Failed; i++)
            {
                _ = (nulls[i / 8] & (1 << (i % 8))) != 0 ? null : Value(ref reader, types[i]);
            }
        }

        isRight = !reader.Failed && count <= 256;
        return reader.Rest;
    }

    private static object? Value(ref MySqlReader reader, ushort type)
    {
        bool isUnsigned = (type & 0x8000) != 0;
        switch (type & 0xFF)
        {
            case 1:
                byte tiny = reader.UInt8();
                return isUnsigned ? tiny : (long)(sbyte)tiny;
            case 2 or 13:
                ushort two = reader.UInt16();
                return isUnsigned ? two : (long)(short)two;
            case 3 or 9:
                uint four = reader.UInt32();
                return isUnsigned ? four : (long)(int)four;
            case 8:
                ulong eight = reader.UInt64();
                return isUnsigned && eight > long.MaxValue ? eight : (long)eight;
            case 4:
                ReadOnlySpan<byte> single = reader.Bytes(4);
                return single.IsEmpty ? null : (double)BinaryPrimitives.ReadSingleLittleEndian(single);
            case 5:
                ReadOnlySpan<byte> real = reader.Bytes(8);
                return real.IsEmpty ? null : BinaryPrimitives.ReadDoubleLittleEndian(real);
            case 6:
                return null;
            case 7 or 10 or 12:
                return Time(reader.Bytes(reader.UInt8()));
            case 11:
                reader.Bytes(reader.UInt8());
                return "00:00:00";
            case 0 or 246:
                return Encoding.UTF8.GetString(reader.Counted());
            case 249 or 250 or 251 or 252:
                ReadOnlySpan<byte> blob = reader.Counted();
                return IsText(blob) ? Encoding.UTF8.GetString(blob) : blob.ToArray();
            default:
                return Encoding.UTF8.GetString(reader.Counted());
        }
    }

    private static bool IsText(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) && !bytes.Contains((byte)0);

    private static string Time(ReadOnlySpan<byte> bytes)
    {
        MySqlReader reader = new(bytes);
        int year = reader.UInt16(), month = reader.UInt8(), day = reader.UInt8(), hour = reader.UInt8(), minute = reader.UInt8(), second = reader.UInt8();
        return bytes.Length <= 4
            ? string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{month:00}-{day:00} {hour:00}:{minute:00}:{second:00}");
    }
}
