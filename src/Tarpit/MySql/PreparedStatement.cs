using Blackwall.Tarpit.MySql.Sql;

namespace Blackwall.Tarpit.MySql;

/// <summary>A statement that a client prepared.</summary>
internal sealed class PreparedStatement(string text, int parameters)
{
    public string Text => text;

    public int Parameters => parameters;

    /// <summary>Types of the parameters, once the client said them.</summary>
    public ushort[] Types { get; set; } = [];

    /// <summary>Parts of long parameters, by their number.</summary>
    public Dictionary<int, MemoryStream> LongData { get; } = [];

    /// <summary>Bytes that it takes: text of two bytes a character, and long parameters.</summary>
    public long Taken => Cost(text) + LongData.Values.Sum(data => data.Length);

    public static long Cost(string text) => 2L * text.Length;

    /// <summary>Returns how many bytes they were.</summary>
    public long ForgetLongData()
    {
        long bytes = LongData.Values.Sum(data => data.Length);
        LongData.Clear();
        return bytes;
    }

    /// <summary>How many parameters a text has.</summary>
    /// <exception cref="MySqlException">It is no statement.</exception>
    public static int Count(string text) => new Lexer(text).Read().Count(token => token.Kind is TokenKind.Parameter);
}
