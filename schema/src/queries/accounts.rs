//! Queries over accounts.

use async_graphql::{Context, ID, Object};
use caodiem_domain::access::Permission;
use caodiem_domain::text::Subject;
use caodiem_domain::usecase::read_accounts::effective_permissions;

use crate::error::Result;
use crate::filter::filter;
use crate::guard::{self, Need};
use crate::ids::key_of;
use crate::inputs::account::AccountWhere;
use crate::objects::account::Account;
use crate::objects::right::Right;
use crate::page::{self, Connection, window};
use crate::request::{caller, read};

/// Queries over accounts.
#[derive(Default)]
pub(crate) struct AccountQueries;

#[Object]
impl AccountQueries {
    /// Accounts in scope, by login.
    #[graphql(
        guard = "Need(Permission::ReadAccounts)",
        visible = "guard::reads_accounts",
        complexity = "page::cost(first, last, child_complexity)"
    )]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(name = "where", desc = "Which ones; all when absent.")] condition: Option<AccountWhere>,
        #[graphql(desc = "So many from the front, 1 to 100; 50 when absent.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Account>> {
        let (page, filter) = (window(ctx, (first, after), (last, before))?, filter(condition)?);
        let found = read(ctx, Permission::ReadAccounts, move |actor, tx| {
            let rows = tx.list_accounts(&actor.scope, &filter, &page.request)?;
            let total = page.counted.then(|| tx.count_accounts(&actor.scope, &filter)).transpose()?;
            Ok((rows, total))
        });
        Ok(Connection::new(found.await?, Account))
    }

    /// The account with that login; null when there is none in scope.
    #[graphql(guard = "Need(Permission::ReadAccounts)", visible = "guard::reads_accounts")]
    async fn account_by_login(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its login.")] login: String,
    ) -> Result<Option<Account>> {
        let login = Subject::new(&login).map_err(|problem| problem.at("login"))?;
        let found = read(ctx, Permission::ReadAccounts, move |actor, tx| {
            let Some(account) = tx.account_by_login(&login)? else { return Ok(None) };
            Ok(tx.accounts_by_id(&actor.scope, &[account.id])?.remove(&account.id))
        });
        Ok(found.await?.map(Account))
    }

    /// What an account may do at a unit today, and why: each permission with the assignment that gives it. Only
    /// assignments over units in scope are told. Empty while the account is not active.
    #[graphql(
        guard = "Need(Permission::ReadAccounts)",
        visible = "guard::reads_accounts",
        complexity = "20 * child_complexity + 2"
    )]
    async fn effective_permissions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account: ID,
        #[graphql(desc = "The unit.")] unit: ID,
    ) -> Result<Vec<Right>> {
        let asked = (key_of(&account).map_err(|at| at.at("account"))?, key_of(&unit).map_err(|at| at.at("unit"))?);
        let today = caller(ctx)?.today();
        let job =
            move |actor: &_, tx: &mut dyn caodiem_domain::ports::ReadTx| effective_permissions(actor, tx, asked, today);
        Ok(read(ctx, Permission::ReadAccounts, job).await?.into_iter().map(Right).collect())
    }
}
