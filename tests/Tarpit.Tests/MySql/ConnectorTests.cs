using Blackwall.Tarpit.MySql.Wire;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World;
using MySqlConnector;
using Xunit;

namespace Blackwall.Tarpit.Tests.MySql;

/// <summary>A client library of others against the server: logins, queries, prepared statements, TLS.</summary>
public sealed class ConnectorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MySqlSslMode.None)]
    [InlineData(MySqlSslMode.Required)]
    public async Task The_password_comes_in_clear_text_and_lets_in(MySqlSslMode mode)
    {
        await using RunningTarpit tarpit = new(seemingPort: 3306);
        await using MySqlConnection connection = await OpenAsync(tarpit, mode, "root", "toor", "wordpress");
        Assert.StartsWith("8.0.41", connection.ServerVersion, StringComparison.Ordinal);
        await using MySqlCommand command = new("SELECT COUNT(*) FROM wp_users", connection);
        Assert.Equal(2L, await command.ExecuteScalarAsync(Cancellation));
        Observation login = tarpit.Records.Last(ObservationKinds.Login)!;
        Assert.Equal(("root", "toor", "caching_sha2", true), (login.User, login.Secret, login.Method, login.Success));
        Assert.Equal("SELECT COUNT(*) FROM wp_users", tarpit.Records.Last(ObservationKinds.Command)!.Text);
    }

    [Fact]
    public async Task A_wrong_password_is_refused_with_the_clients_address()
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { Accept = TarpitSettings.AcceptNever }, seemingPort: 3306);
        MySqlException refused = await Assert.ThrowsAsync<MySqlException>(() => OpenAsync(tarpit, MySqlSslMode.None, "root", "wrong", null));
        Assert.Equal((MySqlErrorCode.AccessDenied, "Access denied for user 'root'@'127.0.0.1' (using password: YES)"), (refused.ErrorCode, refused.Message));
        Assert.Equal("wrong", tarpit.Records.Last(ObservationKinds.Login)!.Secret);
    }

    [Fact]
    public async Task What_lies_about_on_the_website_opens_its_database_under_any_policy()
    {
        await using RunningTarpit tarpit = new(RunningTarpit.Quick with { Accept = TarpitSettings.AcceptNever }, seemingPort: 3306);
        BaitLogin bait = tarpit.Runtime.Website.Credentials.Website;
        await using MySqlConnection connection = await OpenAsync(tarpit, MySqlSslMode.None, bait.User, bait.Password, "wordpress");
        await using MySqlCommand command = new("SELECT option_value FROM wp_options WHERE option_name='blogname'", connection);
        Assert.Equal(tarpit.Runtime.Website.Title, await command.ExecuteScalarAsync(Cancellation));
        await Assert.ThrowsAsync<MySqlException>(() => OpenAsync(tarpit, MySqlSslMode.None, bait.User, bait.Password, "mysql"));
    }

    [Fact]
    public async Task Prepared_statements_take_and_give_values_of_every_kind()
    {
        await using RunningTarpit tarpit = new(seemingPort: 3306);
        await using MySqlConnection connection = await OpenAsync(tarpit, MySqlSslMode.None, "root", "toor", "shop");
        await using MySqlCommand command = new("SELECT id, price, name, active, @d FROM products WHERE sku = @sku AND price > @price", connection);
        command.Parameters.AddWithValue("@sku", "BX-100");
        command.Parameters.AddWithValue("@price", 1.5);
        command.Parameters.AddWithValue("@d", "dé");
        await command.PrepareAsync(Cancellation);
        for (int i = 0; i < 2; i++)
        {
            await using MySqlDataReader reader = await command.ExecuteReaderAsync(Cancellation);
            Assert.True(await reader.ReadAsync(Cancellation));
            Assert.Equal((1u, 9.90m, "Storage box, 10 l", true, "dé"), (reader.GetUInt32(0), reader.GetDecimal(1), reader.GetString(2), reader.GetBoolean(3), reader.GetString(4)));
            Assert.False(await reader.ReadAsync(Cancellation));
        }

        await using MySqlCommand dates = new("SELECT created_at, customer_id, total FROM orders ORDER BY id LIMIT 1", connection);
        await dates.PrepareAsync(Cancellation);
        await using MySqlDataReader row = await dates.ExecuteReaderAsync(Cancellation);
        Assert.True(await row.ReadAsync(Cancellation));
        Assert.InRange(row.GetDateTime(0).Year, 2020, 2100);
    }

    [Fact]
    public async Task Changes_report_rows_and_ids_and_a_connection_is_reused()
    {
        await using RunningTarpit tarpit = new(seemingPort: 3306);
        await using MySqlConnection connection = await OpenAsync(tarpit, MySqlSslMode.None, "root", "toor", "shop");
        await using MySqlCommand insert = new("INSERT INTO orders (customer_id, total, created_at) VALUES (1, 2.5, NOW()); UPDATE orders SET status='x' WHERE id < 4", connection);
        Assert.Equal(4, await insert.ExecuteNonQueryAsync(Cancellation));
        Assert.Equal(411, insert.LastInsertedId);
        await using MySqlCommand several = new("SELECT 1; SELECT 2 WHERE 1=0; SELECT 3", connection);
        await using MySqlDataReader reader = await several.ExecuteReaderAsync(Cancellation);
        int results = 0;
        do
        {
            results++;
        }
        while (await reader.NextResultAsync(Cancellation));
        Assert.Equal(3, results);
        await reader.DisposeAsync();
        await connection.ChangeDatabaseAsync("wordpress", Cancellation);
        Assert.True(await connection.PingAsync(Cancellation));
        await connection.ResetConnectionAsync(Cancellation);
    }

    [Fact]
    public void Proofs_equal_those_of_the_servers_documentation()
    {
        byte[] salt = [.. Enumerable.Range(1, 20).Select(n => (byte)n)];

        // mysql_native_password and caching_sha2_password of "secret", computed with Python's hashlib from the published formulas.
        Assert.Equal("b32bb3a583e1340c0a1108d58b1be49781ad8c2f", Convert.ToHexStringLower(Scramble.Native("secret"u8, salt)));
        Assert.Equal("746ebe205d56a0707acb3e796e834e0dd7b1d61743b26bd5202c7a623230c7c9", Convert.ToHexStringLower(Scramble.Sha2("secret"u8, salt)));
        Assert.Equal("secret", System.Text.Encoding.ASCII.GetString(Scramble.Uncover(Cover("secret\0"u8, salt), salt)));
        Assert.Empty(Scramble.Sha2([], salt));
    }

    private static byte[] Cover(ReadOnlySpan<byte> password, byte[] salt)
    {
        byte[] covered = password.ToArray();
        for (int i = 0; i < covered.Length; i++)
        {
            covered[i] ^= salt[i % salt.Length];
        }

        return covered;
    }

    private static async Task<MySqlConnection> OpenAsync(RunningTarpit tarpit, MySqlSslMode mode, string user, string password, string? database)
    {
        MySqlConnectionStringBuilder options = new()
        {
            Server = "127.0.0.1",
            Port = (uint)tarpit.Port,
            UserID = user,
            Password = password,
            Database = database ?? "",
            SslMode = mode,
            AllowPublicKeyRetrieval = true,
            Pooling = false,
            ConnectionTimeout = 60,
        };
        MySqlConnection connection = new(options.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }
}
