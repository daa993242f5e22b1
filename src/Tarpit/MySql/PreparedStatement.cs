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

    /// <summary>How many parameters a text has.</summary>
    /// <exception cref="MySqlException">It is no statement.</exception>
    public static int Count(string text) => new Lexer(text).Read().Count(token => token.Kind is TokenKind.Parameter);
}
