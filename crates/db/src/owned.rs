//! Rows with an owner, who keeps them private or shares them with the organization: cohorts, dashboards
//! and saved filters. Cohorts and saved filters also have names, which are unique for an owner.

use sea_orm::sea_query::{Condition, Expr, OnConflict};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, Iterable, ModelTrait,
    PaginatorTrait, QueryFilter,
};

use crow_types::OrganizationId;

/// The columns that each table of such rows has.
pub(crate) struct Owned<E: EntityTrait> {
    pub(crate) id: E::Column,
    pub(crate) organization: E::Column,
    pub(crate) owner: E::Column,
    pub(crate) is_shared: E::Column,
}

/// What became of a new row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// It is stored.
    Done,
    /// Its owner has another of this name, for filters on the same page.
    NameTaken,
    /// Its owner has as many as allowed.
    TooMany,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed<Row> {
    /// It is stored, and so is the row now.
    Done(Row),
    /// There is no such row any more.
    Gone,
    /// Its owner has another of this name, for filters on the same page.
    NameTaken,
}

impl<E> Owned<E>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel> + Sync,
{
    /// What somebody sees: their own rows, and those that others share.
    pub(crate) fn seen_by(&self, organization: &OrganizationId, viewer: &str) -> Condition {
        let seen = Condition::any()
            .add(self.owner.eq(viewer))
            .add(self.is_shared.eq(true));
        Condition::all()
            .add(self.organization.eq(organization.as_str()))
            .add(seen)
    }

    /// The rows of the owner of this one.
    pub(crate) fn of_owner(&self, row: &E::Model) -> Condition {
        same::<E>(row, &[self.organization, self.owner])
    }

    /// This row.
    pub(crate) fn this(&self, row: &E::Model) -> Condition {
        same::<E>(row, &[self.organization, self.id])
    }

    /// Stores a new row, unless its owner has `most`, or another with the same values in `name`. The
    /// caller lets what gives rows of one owner a name wait for each other.
    pub(crate) async fn insert(
        &self,
        transaction: &DatabaseTransaction,
        row: E::Model,
        name: &[E::Column],
        most: u64,
    ) -> Result<Saved, DbErr> {
        let others = E::find().filter(self.of_owner(&row));
        if others.count(transaction).await? >= most {
            return Ok(Saved::TooMany);
        }
        let mut unique = vec![self.organization, self.owner];
        unique.extend_from_slice(name);
        let one_name = OnConflict::columns(unique).do_nothing().to_owned();
        let inserted = E::insert(row.into_active_model())
            .on_conflict(one_name)
            .exec_without_returning(transaction)
            .await?;
        Ok(if inserted > 0 {
            Saved::Done
        } else {
            Saved::NameTaken
        })
    }

    /// Stores all columns of a row as they are now, unless its owner has another with the same values in
    /// `name`. The caller has read the row in this transaction, in turn.
    pub(crate) async fn replace(
        &self,
        transaction: &DatabaseTransaction,
        row: E::Model,
        name: &[E::Column],
    ) -> Result<Changed<E::Model>, DbErr> {
        let others = E::find()
            .filter(self.of_owner(&row))
            .filter(same::<E>(&row, name))
            .filter(self.id.ne(row.get(self.id)));
        if others.count(transaction).await? > 0 {
            return Ok(Changed::NameTaken);
        }
        let mut update = E::update_many().filter(self.this(&row));
        for column in E::Column::iter() {
            update = update.col_expr(column, Expr::value(row.get(column)));
        }
        let updated = update.exec(transaction).await?;
        Ok(if updated.rows_affected > 0 {
            Changed::Done(row)
        } else {
            Changed::Gone
        })
    }
}

/// Has the values of this row in these columns.
fn same<E: EntityTrait>(row: &E::Model, columns: &[E::Column]) -> Condition {
    let mut all = Condition::all();
    for &column in columns {
        all = all.add(column.eq(row.get(column)));
    }
    all
}
