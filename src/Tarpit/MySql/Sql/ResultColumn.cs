namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>A column of a result, as its definition on the wire describes it.</summary>
internal sealed record ResultColumn(string Name, ColumnType Type)
{
    private const int NotNullFlag = 1;
    private const int PrimaryKeyFlag = 2;
    private const int UniqueKeyFlag = 4;
    private const int MultipleKeyFlag = 8;
    private const int BlobFlag = 16;
    private const int UnsignedFlag = 32;
    private const int BinaryFlag = 128;
    private const int AutoIncrementFlag = 512;
    private const int NoDefaultFlag = 4096;

    public const int BinaryCharset = 63;

    public string Database { get; init; } = "";

    public string Table { get; init; } = "";

    public string OriginalTable { get; init; } = "";

    public string OriginalName { get; init; } = "";

    public int Length { get; init; }

    public int Flags { get; init; }

    public int Decimals { get; init; }

    public bool IsBinary { get; init; }

    /// <summary>A column of a table.</summary>
    public static ResultColumn From(string name, Source source)
    {
        Column column = source.Column;
        bool isText = column.IsText || column.Type is ColumnType.Json;
        return new ResultColumn(name, column.BaseType is "enum" or "set" ? ColumnType.String : column.Type)
        {
            Database = source.Database,
            Table = source.Table,
            OriginalTable = source.OriginalTable,
            OriginalName = column.Name,
            Length = column.DisplayLength,
            Decimals = column.Decimals,
            IsBinary = !isText,
            Flags = (column.NotNull ? NotNullFlag : 0) | (column.Key switch { "PRI" => PrimaryKeyFlag, "UNI" => UniqueKeyFlag, "MUL" => MultipleKeyFlag, _ => 0 })
                | (column.Type is ColumnType.Blob ? BlobFlag : 0) | (column.IsUnsigned ? UnsignedFlag : 0) | (isText ? 0 : BinaryFlag)
                | (column.AutoIncrement ? AutoIncrementFlag : 0) | (column.NotNull && column.Default is null && !column.AutoIncrement ? NoDefaultFlag : 0),
        };
    }

    /// <summary>A column of values that were computed.</summary>
    public static ResultColumn From(string name, IEnumerable<object?> values)
    {
        int length = 0;
        ColumnType type = ColumnType.Null;
        bool isBinary = true, isUnsigned = false;
        foreach (object? value in values)
        {
            ColumnType own = value switch { null => ColumnType.Null, long => ColumnType.LongLong, ulong => ColumnType.LongLong, double => ColumnType.Double, decimal => ColumnType.NewDecimal, _ => ColumnType.VarString };
            isUnsigned |= value is ulong;
            length = Math.Max(length, value is string text ? text.Length * 4 : value is byte[] bytes ? bytes.Length : 0);
            if (own is ColumnType.Null)
            {
                continue;
            }

            isBinary = (type is ColumnType.Null || isBinary) && value is not string;
            type = type is ColumnType.Null || type == own ? own : type is ColumnType.VarString || own is ColumnType.VarString ? ColumnType.VarString : ColumnType.Double;
        }

        bool isNumber = type is not ColumnType.VarString and not ColumnType.Null;
        return new ResultColumn(name, type is ColumnType.Null ? ColumnType.VarString : type)
        {
            Length = isNumber ? 21 : length,
            IsBinary = isNumber || (isBinary && type is ColumnType.VarString),
            Decimals = type is ColumnType.Double or ColumnType.VarString ? 31 : type is ColumnType.NewDecimal ? 4 : 0,
            Flags = (isNumber ? BinaryFlag : 0) | (isUnsigned ? UnsignedFlag : 0),
        };
    }
}
