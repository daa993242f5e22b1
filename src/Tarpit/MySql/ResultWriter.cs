using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.MySql.Wire;

namespace Blackwall.Tarpit.MySql;

/// <summary>Writes answers: OK, errors, and results as text or in binary.</summary>
internal sealed class ResultWriter(PacketChannel channel, Capabilities capabilities, SqlSession session, byte charset)
{
    private const int InTransaction = 1;
    private const int Autocommit = 2;
    private const int MoreResults = 8;
    private const int DefaultCharset = 255;

    private readonly byte _charset = charset is 0 or ResultColumn.BinaryCharset ? (byte)DefaultCharset : charset;

    private bool EndsWithOk => capabilities.HasFlag(Capabilities.DeprecateEof);

    public static MySqlWriter Error(MySqlError error, bool withState) => withState
        ? new MySqlWriter().UInt8(0xFF).UInt16(error.Code).UInt8('#').Bytes(Encoding.ASCII.GetBytes(error.State)).Bytes(Encoding.UTF8.GetBytes(error.Text))
        : new MySqlWriter().UInt8(0xFF).UInt16(error.Code).Bytes(Encoding.UTF8.GetBytes(error.Text));

    public void Error(MySqlError error) => channel.Write(Error(error, withState: true));

    public void Ok(Result result, bool more = false)
    {
        MySqlWriter writer = new MySqlWriter().UInt8(0).Number((ulong)result.Affected).Number((ulong)result.InsertId).UInt16(Status(more)).UInt16(result.Warnings);
        Info(writer, result.Info);
        channel.Write(writer);
    }

    /// <summary>The end of a list of columns or rows.</summary>
    public void End(bool more = false) => channel.Write(new MySqlWriter().UInt8(0xFE).UInt16(0).UInt16(Status(more)));

    public void Columns(IReadOnlyList<ResultColumn> columns, bool endAlways = false)
    {
        foreach (ResultColumn column in columns)
        {
            channel.Write(Definition(column));
        }

        if (!EndsWithOk || endAlways)
        {
            End();
        }
    }

    /// <summary>A result as rows; chunks are sent while it is written.</summary>
    public async ValueTask RowsAsync(Result result, bool isBinary, bool more, CancellationToken cancellation)
    {
        MySqlWriter head = new();
        if (capabilities.HasFlag(Capabilities.OptionalResultMetadata))
        {
            head.UInt8(1);
        }

        channel.Write(head.Number((ulong)result.Columns.Count));
        Columns(result.Columns);
        foreach (object?[] row in result.Rows)
        {
            channel.Write(isBinary ? BinaryRow(result.Columns, row) : TextRow(result.Columns, row));
            if (channel.IsFull)
            {
                await channel.FlushAsync(cancellation);
            }
        }

        if (!EndsWithOk)
        {
            End(more);
            return;
        }

        MySqlWriter end = new MySqlWriter().UInt8(0xFE).Number(0).Number(0).UInt16(Status(more)).UInt16(0);
        Info(end, "");
        channel.Write(end);
    }

    public MySqlWriter Definition(ResultColumn column) => new MySqlWriter()
        .Counted("def").Counted(column.Database).Counted(column.Table).Counted(column.OriginalTable).Counted(column.Name).Counted(column.OriginalName)
        .UInt8(0x0C)
        .UInt16(column.IsBinary ? ResultColumn.BinaryCharset : _charset)
        .UInt32((uint)column.Length)
        .UInt8((int)column.Type)
        .UInt16(column.Flags)
        .UInt8(column.Decimals)
        .UInt16(0);

    private void Info(MySqlWriter writer, string info)
    {
        if (capabilities.HasFlag(Capabilities.SessionTrack) && info.Length > 0)
        {
            writer.Counted(info);
        }
        else
        {
            writer.Bytes(Encoding.UTF8.GetBytes(info));
        }
    }

    private int Status(bool more) => (session.IsInTransaction ? InTransaction : 0) | (session.Variables.Read("autocommit") is 1L ? Autocommit : 0) | (more ? MoreResults : 0);

    private static MySqlWriter TextRow(IReadOnlyList<ResultColumn> columns, object?[] row)
    {
        MySqlWriter writer = new();
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] is null)
            {
                writer.UInt8(0xFB);
            }
            else
            {
                writer.Counted(Plain(columns[i], row[i]!));
            }
        }

        return writer;
    }

    // A decimal shows as many digits as its column has.
    private static byte[] Plain(ResultColumn column, object value) => value is decimal number && column is { Type: ColumnType.NewDecimal, OriginalName.Length: > 0 }
        ? Encoding.ASCII.GetBytes(number.ToString("F" + column.Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture))
        : Values.Bytes(value);

    // A zero, a bit for each null (from the third on), and the values by their type.
    private static MySqlWriter BinaryRow(IReadOnlyList<ResultColumn> columns, object?[] row)
    {
        byte[] nulls = new byte[(row.Length + 9) / 8];
        for (int i = 0; i < row.Length; i++)
        {
            nulls[(i + 2) / 8] |= (byte)(row[i] is null ? 1 << ((i + 2) % 8) : 0);
        }

        MySqlWriter writer = new MySqlWriter().UInt8(0).Bytes(nulls);
        Span<byte> eight = stackalloc byte[8];
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i] is not { } value)
            {
                continue;
            }

            switch (columns[i].Type)
            {
                case ColumnType.Tiny:
                    writer.UInt8((int)Values.Integer(value));
                    break;
                case ColumnType.Short or ColumnType.Year:
                    writer.UInt16((int)Values.Integer(value));
                    break;
                case ColumnType.Long or ColumnType.Int24:
                    writer.UInt32(unchecked((uint)Values.Integer(value)));
                    break;
                case ColumnType.LongLong:
                    writer.UInt64(unchecked((ulong)Values.Integer(value)));
                    break;
                case ColumnType.Float:
                    BinaryPrimitives.WriteSingleLittleEndian(eight, (float)Values.Number(value));
                    writer.Bytes(eight[..4]);
                    break;
                case ColumnType.Double:
                    BinaryPrimitives.WriteDoubleLittleEndian(eight, Values.Number(value));
                    writer.Bytes(eight);
                    break;
                case ColumnType.Date or ColumnType.DateTime or ColumnType.Timestamp:
                    Time(writer, Values.Text(value)!, columns[i].Type);
                    break;
                case ColumnType.Time:
                    writer.UInt8(0);
                    break;
                default:
                    writer.Counted(Plain(columns[i], value));
                    break;
            }
        }

        return writer;
    }

    private static void Time(MySqlWriter writer, string text, ColumnType type)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time))
        {
            writer.UInt8(0);
            return;
        }

        writer.UInt8(type is ColumnType.Date ? 4 : 7).UInt16(time.Year).UInt8(time.Month).UInt8(time.Day);
        if (type is not ColumnType.Date)
        {
            writer.UInt8(time.Hour).UInt8(time.Minute).UInt8(time.Second);
        }
    }
}
