using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.MySql.Wire;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.MySql;

/// <summary>The commands of a client that is in, one after the other.</summary>
internal sealed class CommandLoop(
    MySqlServer server, Peer peer, PacketChannel channel, ResultWriter writer, SqlSession session, Authenticator authenticator, ISessionLog log, Capabilities capabilities, bool isTls)
{
    private const int LargestCommand = 4 << 20;
    private const int MostStatements = 256;
    private const int LongestParameter = 1 << 20;

    private readonly Dictionary<uint, PreparedStatement> _prepared = [];
    // Client libraries give up after half a minute.
    private readonly Pacer _pacer = server.Pacing.ForClient(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25));
    private uint _lastStatement;

    /// <param name="timer">Ends the connection when it is not set again.</param>
    public async Task RunAsync(ITimer timer, CancellationToken cancellation)
    {
        while (true)
        {
            timer.Change(server.Idle, Timeout.InfiniteTimeSpan);
            channel.BeginCommand();
            if (await channel.ReadAsync(LargestCommand, cancellation) is not { } packet)
            {
                return;
            }

            if (packet.TooLong)
            {
                writer.Error(MySqlError.PacketTooLarge);
                await channel.FlushAsync(cancellation);
                return;
            }

            if (packet.Payload is [1] || !await TryRunAsync(packet.Payload, cancellation))
            {
                return;
            }

            await channel.FlushAsync(cancellation);
            channel.Pacer = null;
        }
    }

    private async Task<bool> TryRunAsync(byte[] payload, CancellationToken cancellation)
    {
        try
        {
            return await RunAsync(payload, cancellation);
        }
        catch (MySqlException e)
        {
            writer.Error(e.Error);
            return true;
        }
        catch (Exception e) when (e is not (OperationCanceledException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException))
        {
            // A fault of ours: the client sees an error that servers have, and the record tells.
            log.Record(new Observation(ObservationKinds.Limit) { Name = e.GetType().Name, Text = e.StackTrace?.Split('\n')[0].Trim() });
            writer.Error(new MySqlError(1105, "HY000", "Unknown error"));
            return true;
        }
    }

    // False: the connection ends.
    private async Task<bool> RunAsync(byte[] payload, CancellationToken cancellation)
    {
        switch (payload.Length == 0 ? -1 : payload[0])
        {
            case 2:
                Record($"USE {Text(payload)}", "init-db");
                session.Use(Text(payload));
                writer.Ok(Result.Done);
                return true;
            case 3:
                await QueryAsync(payload, cancellation);
                return true;
            case 4:
                ListFields(payload);
                return true;
            case 9:
                long uptime = (long)server.Machine.Uptime.TotalSeconds;
                channel.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Uptime: {uptime}  Threads: 2  Questions: {uptime / 2}  Slow queries: 0  Opens: 224  Flush tables: 3  Open tables: 143  Queries per second avg: {0.5:0.000}")));
                return true;
            case 13:
                writer.End();
                return true;
            case 14:
                writer.Ok(Result.Done);
                return true;
            case 17:
                return await ChangeUserAsync(payload, cancellation);
            case 22:
                await PrepareAsync(Text(payload), cancellation);
                return true;
            case 23:
                await ExecuteAsync(payload, cancellation);
                return true;
            case 24:
                TakeLongData(payload);
                return true;
            case 25:
                if (payload.Length >= 5 && _prepared.Remove(BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(1)), out PreparedStatement? closed))
                {
                    peer.Memory.Return(closed.Taken);
                }

                return true;
            case 26:
                peer.Memory.Return(Find(payload).ForgetLongData());
                writer.Ok(Result.Done);
                return true;
            case 27:
                writer.End();
                return true;
            case 31:
                session.Reset();
                ForgetStatements();
                writer.Ok(Result.Done);
                return true;
            default:
                writer.Error(MySqlError.UnknownCommand);
                return true;
        }
    }

    private async Task QueryAsync(byte[] payload, CancellationToken cancellation)
    {
        string text = Encoding.UTF8.GetString(ExecuteRequest.Query(payload.AsSpan(1), capabilities.HasFlag(Capabilities.QueryAttributes), out bool isRight));
        if (!isRight)
        {
            throw new MySqlException(MySqlError.MalformedPacket);
        }

        Record(text, "query");
        IReadOnlyList<string> statements = capabilities.HasFlag(Capabilities.MultiStatements) ? Statements.Split(text) : [text];
        if (statements.Count == 0)
        {
            throw new MySqlException(MySqlError.EmptyQuery);
        }

        for (int i = 0; i < statements.Count; i++)
        {
            bool more = i + 1 < statements.Count;
            await AnswerAsync(await RunAsync(statements[i], [], cancellation), isBinary: false, more, cancellation);
        }
    }

    private async Task<Result> RunAsync(string text, IReadOnlyList<object?> parameters, CancellationToken cancellation)
    {
        Evaluation evaluation = new(session, parameters);
        Result result = await server.Work.RunAsync(() => Statements.Run(evaluation, text), cancellation);
        if (evaluation.Delay > TimeSpan.Zero)
        {
            await Task.Delay(evaluation.Delay, server.Machine.Time, cancellation);
        }

        return result;
    }

    private async ValueTask AnswerAsync(Result result, bool isBinary, bool more, CancellationToken cancellation)
    {
        if (result.Columns.Count == 0)
        {
            writer.Ok(result, more);
        }
        else
        {
            channel.Pacer = _pacer;
            await writer.RowsAsync(result, isBinary, more, cancellation);
        }
    }

    private void ListFields(byte[] payload)
    {
        MySqlReader reader = new(payload.AsSpan(1));
        string table = Encoding.UTF8.GetString(reader.Terminated()), pattern = Encoding.UTF8.GetString(reader.Rest);
        (string database, Table found) = session.FindTable(null, table);
        foreach (Column column in found.Columns.Where(column => pattern.Length == 0 || Match.IsLike(column.Name, pattern)))
        {
            MySqlWriter definition = writer.Definition(ResultColumn.From(column.Name, new Source(database, found.Name, found.Name, column)));
            channel.Write(column.Default is null ? definition.UInt8(0xFB) : definition.Counted(column.Default));
        }

        writer.End();
    }

    private async Task<bool> ChangeUserAsync(byte[] payload, CancellationToken cancellation)
    {
        if (HandshakeResponse.TryReadChange(payload.AsSpan(1), capabilities) is not { } change)
        {
            writer.Error(MySqlError.MalformedPacket);
            return false;
        }

        // The salt of the greeting is used up: a change always asks for a new proof.
        byte[] salt = MySqlConnection.NewSalt();
        channel.Write(new MySqlWriter().UInt8(0xFE).Terminated(Authenticator.Sha2).Bytes(salt).UInt8(0));
        await channel.FlushAsync(cancellation);
        if (await channel.ReadAsync(LargestCommand, cancellation) is not { TooLong: false } answer)
        {
            return false;
        }

        if (await authenticator.RunAsync(change.WithAuthentication(answer.Payload, Authenticator.Sha2), salt, isTls, session, cancellation) is { } error)
        {
            writer.Error(error);
            await channel.FlushAsync(cancellation);
            return false;
        }

        ForgetStatements();
        if (change.Database is { } database)
        {
            session.Use(database);
        }

        writer.Ok(Result.Done);
        return true;
    }

    private async Task PrepareAsync(string text, CancellationToken cancellation)
    {
        Record(text, "prepare");
        int parameters = PreparedStatement.Count(text);
        Result result = await server.Work.RunAsync(() => Describe(text, parameters), cancellation);
        if (_prepared.Count >= MostStatements)
        {
            throw new MySqlException(new MySqlError(1461, "42000", "Can't create more than max_prepared_stmt_count statements (current value: 16382)"));
        }

        if (!peer.Memory.TryTake(PreparedStatement.Cost(text)))
        {
            throw new MySqlException(MySqlError.OutOfMemory);
        }

        _prepared[++_lastStatement] = new PreparedStatement(text, parameters);
        channel.Write(new MySqlWriter().UInt8(0).UInt32(_lastStatement).UInt16(result.Columns.Count).UInt16(parameters).UInt8(0).UInt16(0));
        if (parameters > 0)
        {
            writer.Columns([.. Enumerable.Repeat(new ResultColumn("?", ColumnType.VarString) { IsBinary = true }, parameters)]);
        }

        if (result.Columns.Count > 0)
        {
            writer.Columns(result.Columns);
        }
    }

    // The columns of a query are those that it has without values; what changes something is not run.
    private Result Describe(string text, int parameters)
    {
        TokenStream tokens = new(text);
        return tokens.Current.IsWord("SELECT") || tokens.Current.IsWord("SHOW") || tokens.Current.IsWord("DESCRIBE") || tokens.Current.IsSymbol("(")
            ? Statements.Run(new Evaluation(session, new object?[parameters]), text) : Result.Done;
    }

    private async Task ExecuteAsync(byte[] payload, CancellationToken cancellation)
    {
        const int headLength = 10;
        PreparedStatement statement = Find(payload);
        bool hasNames = capabilities.HasFlag(Capabilities.QueryAttributes) && payload.Length > 5 && (payload[5] & 8) != 0;
        ushort[] types = statement.Types;
        object?[] values = ExecuteRequest.TryRead(payload.AsSpan(Math.Min(headLength, payload.Length)), statement.Parameters, ref types, hasNames) ?? throw new MySqlException(MySqlError.MalformedPacket);
        statement.Types = types;
        foreach ((int index, MemoryStream data) in statement.LongData.Where(data => data.Key < values.Length))
        {
            values[index] = data.ToArray();
        }

        Record(statement.Text, "execute", string.Join(", ", values.Select(value => Values.Text(value) ?? "NULL")));
        await AnswerAsync(await RunAsync(statement.Text, values, cancellation), isBinary: true, more: false, cancellation);
    }

    private void ForgetStatements()
    {
        peer.Memory.Return(_prepared.Values.Sum(statement => statement.Taken));
        _prepared.Clear();
    }

    private void TakeLongData(byte[] payload)
    {
        const int headLength = 7;
        if (payload.Length < headLength || !_prepared.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(1)), out PreparedStatement? statement))
        {
            return;
        }

        int index = BinaryPrimitives.ReadUInt16LittleEndian(payload.AsSpan(5));
        if (index < statement.Parameters && statement.LongData.Values.Sum(data => data.Length) + payload.Length < LongestParameter && peer.Memory.TryTake(payload.Length - headLength))
        {
            if (!statement.LongData.TryGetValue(index, out MemoryStream? data))
            {
                statement.LongData[index] = data = new MemoryStream();
            }

            data.Write(payload.AsSpan(headLength));
        }
    }

    private PreparedStatement Find(byte[] payload)
    {
        uint id = payload.Length >= 5 ? BinaryPrimitives.ReadUInt32LittleEndian(payload.AsSpan(1)) : 0;
        return _prepared.TryGetValue(id, out PreparedStatement? statement) ? statement
            : throw new MySqlException(new MySqlError(1243, "HY000", string.Create(CultureInfo.InvariantCulture, $"Unknown prepared statement handler ({id}) given to mysqld_stmt_execute")));
    }

    private void Record(string text, string name, string? value = null) => log.Record(new Observation(ObservationKinds.Command) { Text = text, Name = name, Value = value, User = session.User, Host = peer.Remote.Address.ToString() });

    private static string Text(byte[] payload) => Encoding.UTF8.GetString(payload.AsSpan(1));
}
