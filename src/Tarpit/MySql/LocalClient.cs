using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.MySql;

/// <summary>Clients on the machine itself: mysql in the shell sees what the network sees.</summary>
internal sealed class LocalClient(MySqlServer server) : IMachineDatabase
{
    public IDatabaseShell? Open(IPAddress source, string user, string? password, bool isSocket, out string error)
    {
        string? onlyDatabase = null;
        if (!isSocket && !server.Accepts(source, user, password ?? "", out onlyDatabase))
        {
            MySqlError denied = MySqlError.AccessDenied(user, "localhost", !string.IsNullOrEmpty(password));
            error = Text(denied);
            return null;
        }

        error = "";
        SqlSession session = new(server.Machine, server.CopyOf(source), server.Variables, server.NextConnection());
        session.Begin(user, "localhost", onlyDatabase);
        return new Shell(server, session);
    }

    private static string Text(MySqlError error) => string.Create(CultureInfo.InvariantCulture, $"ERROR {error.Code} ({error.State}): {error.Text}");

    private sealed class Shell(MySqlServer server, SqlSession session) : IDatabaseShell
    {
        public string? Database => session.Database;

        public async IAsyncEnumerable<DatabaseReply> RunAsync(string text, [EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (string statement in Statements.Split(text))
            {
                DatabaseReply reply = await AnswerAsync(statement, cancellation);
                yield return reply;
                if (reply.Error is not null)
                {
                    yield break;
                }
            }
        }

        private async Task<DatabaseReply> AnswerAsync(string statement, CancellationToken cancellation)
        {
            try
            {
                session.Statement = statement;
                Evaluation evaluation = new(session, []);
                Result result = await server.Work.RunAsync(() => Statements.Run(evaluation, statement), cancellation);
                await Task.Delay(evaluation.Delay, server.Machine.Time, cancellation);
                return new DatabaseReply(null, [.. result.Columns.Select(column => column.Name)], [.. result.Rows.Select(row => row.Select(Values.Text).ToArray())], result.Affected);
            }
            catch (MySqlException e)
            {
                return new DatabaseReply(Text(e.Error), [], [], 0);
            }
        }
    }
}
