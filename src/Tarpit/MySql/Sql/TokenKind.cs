namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Kinds of tokens.</summary>
internal enum TokenKind
{
    End,

    /// <summary>A keyword or a plain name.</summary>
    Word,

    /// <summary>A name in back-quotes.</summary>
    Name,
    String,
    Number,

    /// <summary>x'41' or 0x41: the text has one character a byte.</summary>
    Hex,

    /// <summary>@name.</summary>
    UserVariable,

    /// <summary>@@name, with its scope if it has one.</summary>
    SystemVariable,
    Symbol,

    /// <summary>? of a prepared statement.</summary>
    Parameter,
}
