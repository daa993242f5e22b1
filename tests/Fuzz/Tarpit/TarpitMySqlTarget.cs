using System.Text;
using Blackwall.Tarpit.MySql;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.MySql.Wire;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>What database clients send: answers to the greeting, values of prepared statements, statements.</summary>
internal sealed class TarpitMySqlTarget : IFuzzTarget
{
    public string Name => "tarpit-mysql";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0x85, 0xA6, 0xFF, 0x01, 0, 0, 0, 1, 0x21, .. new byte[23], .. "root\0"u8, 20, .. new byte[20], .. "test\0mysql_native_password\0"u8, 5, 1, (byte)'a', 1, (byte)'b', 0],
        [0x85, 0xAE, 0xFF, 0x01, 0, 0, 0, 1, 0x21, .. new byte[23]],
        [0x05, 0x00, 0, 0, 1, .. "root\0abc"u8],
        [0, 1, 3, 0, 8, 0, 254, 0, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, (byte)'x', (byte)'y'],
        [.. "SELECT a.b, COUNT(*) n, CASE WHEN x LIKE 'a%' THEN 1 ELSE 0x41 END FROM d.t a LEFT JOIN (SELECT 1 c) q USING(c) WHERE a.b IN (1,2) GROUP BY 1 HAVING n > 0 ORDER BY n DESC LIMIT 1,2"u8],
        [.. "/*!40101 SET @a := 'x\\'y', @@sql_mode = '' */; INSERT INTO t (a) VALUES (1),('b') ON DUPLICATE KEY UPDATE a=1 -- x"u8],
        [.. "SELECT DATE_ADD(NOW(), INTERVAL 1 DAY), TRIM(LEADING 'x' FROM y), CAST(1 AS DECIMAL(5,2)), `a``b`, \"c\""u8],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        _ = HandshakeResponse.TryRead(input);
        _ = HandshakeResponse.TryReadChange(input, Capabilities.Server);
        ushort[] types = [];
        foreach (int count in (ReadOnlySpan<int>)[1, 3])
        {
            if (ExecuteRequest.TryRead(input, count, ref types, hasNames: false) is { } values && values.Length != count)
            {
                return "another number of values";
            }
        }

        if (ExecuteRequest.Query(input, hasAttributes: true, out _).Length > input.Length)
        {
            return "a text longer than what came";
        }

        try
        {
            TokenStream tokens = new(Encoding.UTF8.GetString(input));
            ExpressionParser expressions = new(tokens);
            if (tokens.Current.IsWord("SELECT"))
            {
                new QueryParser(tokens, expressions).Read();
            }
            else
            {
                expressions.ReadList();
            }
        }
        catch (MySqlException)
        {
            // What is no statement is refused by name.
        }

        return null;
    }
}
