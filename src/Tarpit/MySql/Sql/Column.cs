namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>A column of a table.</summary>
/// <param name="Definition">Its type as the server writes it: "bigint unsigned", "varchar(60)".</param>
internal sealed record Column(string Name, string Definition)
{
    public bool NotNull { get; init; }

    public bool AutoIncrement { get; init; }

    /// <summary>Default as a value; null: none, or NULL.</summary>
    public string? Default { get; init; }

    /// <summary>"PRI", "UNI", "MUL" or nothing.</summary>
    public string Key { get; init; } = "";

    public string? Collation { get; init; }

    public string BaseType => Definition.Split('(', ' ')[0];

    public bool IsUnsigned => Definition.Contains("unsigned", StringComparison.Ordinal);

    public bool IsText => Type is ColumnType.VarString or ColumnType.String or ColumnType.Blob && !IsBinary;

    public bool IsBinary => BaseType is "blob" or "longblob" or "mediumblob" or "tinyblob" or "binary" or "varbinary" or "bit";

    public bool IsNumeric => Type is ColumnType.Tiny or ColumnType.Short or ColumnType.Long or ColumnType.LongLong or ColumnType.Int24 or ColumnType.Double or ColumnType.Float or ColumnType.NewDecimal or ColumnType.Year;

    public ColumnType Type => BaseType switch
    {
        "tinyint" or "bool" or "boolean" => ColumnType.Tiny,
        "smallint" => ColumnType.Short,
        "mediumint" => ColumnType.Int24,
        "int" or "integer" => ColumnType.Long,
        "bigint" or "serial" => ColumnType.LongLong,
        "float" => ColumnType.Float,
        "double" or "real" => ColumnType.Double,
        "decimal" or "numeric" or "dec" => ColumnType.NewDecimal,
        "date" => ColumnType.Date,
        "time" => ColumnType.Time,
        "datetime" => ColumnType.DateTime,
        "timestamp" => ColumnType.Timestamp,
        "year" => ColumnType.Year,
        "json" => ColumnType.Json,
        "char" or "enum" or "set" or "binary" => ColumnType.String,
        "varchar" or "varbinary" => ColumnType.VarString,
        _ => ColumnType.Blob,
    };

    /// <summary>What stands in the parentheses of its type: 60 of varchar(60), 10 of decimal(10,2); 0: nothing.</summary>
    public int Size => Definition.IndexOf('(', StringComparison.Ordinal) is > 0 and var open && int.TryParse(Definition.AsSpan(open + 1).ToString().Split(',', ')')[0], System.Globalization.CultureInfo.InvariantCulture, out int size) ? size : 0;

    /// <summary>Digits behind the point.</summary>
    public int Decimals => Type is ColumnType.NewDecimal && Definition.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma && int.TryParse(Definition[(comma + 1)..].Split(')')[0], System.Globalization.CultureInfo.InvariantCulture, out int digits) ? digits : Type is ColumnType.Double or ColumnType.Float ? 31 : 0;

    /// <summary>Widest value in bytes of the client's character set.</summary>
    public int DisplayLength => Type switch
    {
        ColumnType.Tiny => 4,
        ColumnType.Short => 6,
        ColumnType.Int24 => 9,
        ColumnType.Long => IsUnsigned ? 10 : 11,
        ColumnType.LongLong => 20,
        ColumnType.Double or ColumnType.Float => 22,
        ColumnType.NewDecimal => Size + 2,
        ColumnType.Date => 10,
        ColumnType.Time => 10,
        ColumnType.DateTime or ColumnType.Timestamp => 19,
        ColumnType.Year => 4,
        ColumnType.String or ColumnType.VarString => Math.Max(Size, 1) * 4,
        _ => BaseType switch { "tinytext" or "tinyblob" => 255, "text" or "blob" => 65_535 * (IsBinary ? 1 : 4), "mediumtext" or "mediumblob" => 16_777_215 * (IsBinary ? 1 : 4), _ => -1 },
    };
}
